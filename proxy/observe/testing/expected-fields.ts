import type { InferenceRecord } from '../../../shared/record/record.ts'
import { type CorpusCase, type CorpusChoice, expectedOf } from '../../../shared/testing/corpus.ts'
import { corpusExceptions } from './corpus-exceptions.ts'

/** Some recordings stop in the middle without an error: they were cut there on purpose. */
export function expectedEnding(one: CorpusCase): InferenceRecord['ending'] {
  const expected = expectedOf(one) ?? {}
  if (one.meta.status >= 400) return 'upstream_error'
  if (expected.error) return 'error_in_stream'
  const isCutOff = one.meta.quirks?.includes('no-done') && expected.finish_reason === null
  return one.meta.stream && isCutOff ? 'truncated' : 'completed'
}

/** The fields that the corpus's README compares, without those where it accepts several values. */
export function expectedFields(one: CorpusCase): Record<string, unknown> {
  const expected = expectedOf(one) ?? {}
  const { usage } = expected
  const fields: Record<string, unknown> = {
    model: expected.model ?? null,
    usage: usage ? { input: usage.input, output: usage.output, total: usage.total } : null,
    error: Boolean(expected.error),
  }
  if (usage?.cached != null) fields.cached = usage.cached
  if (usage?.reasoning != null) fields.reasoningTokens = usage.reasoning
  if ('content' in expected) fields.content = expected.content ?? ''
  if ('reasoning' in expected) fields.reasoning = expected.reasoning ?? ''
  if ('refusal' in expected) fields.refusal = expected.refusal ?? ''
  if ('finish_reason' in expected) fields.finish_reason = expected.finish_reason ?? null
  if ('tool_calls' in expected) fields.tool_calls = expectedToolCalls(expected)
  if ('embeddings' in expected) fields.embeddings = expected.embeddings ?? null
  if (expected.choices !== undefined) fields.choices = expected.choices.map(expectedChoice)
  if ('id' in expected) fields.id = expected.id ?? null
  for (const field of openFields(one)) delete fields[field]
  return fields
}

/** Fields for which the corpus accepts several values, and those that it has wrong. */
export function openFields(one: CorpusCase): readonly string[] {
  return [...Object.keys(expectedOf(one)?.ambiguous ?? {}), ...(corpusExceptions[one.name]?.fields ?? [])]
}

function expectedToolCalls({ tool_calls: calls = [], function_call: legacy }: CorpusChoice): unknown {
  const all = legacy ? [...calls, { id: null, ...legacy }] : calls
  return all.map(({ id, name, arguments: args }) => ({ id: id || null, name, arguments: args }))
}

function expectedChoice(choice: CorpusChoice): unknown {
  const { index, content, reasoning, finish_reason } = choice
  return {
    index,
    content: content ?? '',
    reasoning: reasoning ?? '',
    refusal: '',
    tool_calls: expectedToolCalls(choice),
    finish_reason,
  }
}
