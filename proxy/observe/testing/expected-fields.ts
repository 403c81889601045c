import type { InferenceRecord } from '../../../shared/record/record.ts'
import { type CorpusCase, type CorpusChoice, expectedOf } from '../../../shared/testing/corpus.ts'
import { corpusExceptions } from './corpus-exceptions.ts'

/** Some recordings stop in the middle without an error: whoever made them cut them there. */
export function expectedEnding(one: CorpusCase): InferenceRecord['ending'] {
  const expected = expectedOf(one) ?? {}
  if (one.meta.status >= 400) return 'upstream_error'
  if (expected.error) return 'error_in_stream'
  const cutOff = one.meta.quirks?.includes('no-done') && expected.finish_reason === null
  return one.meta.stream && cutOff ? 'truncated' : 'completed'
}

/** The fields that the corpus's README asks to compare, without those where it accepts several values. */
export function expectedFields(one: CorpusCase): Record<string, unknown> {
  const expected = expectedOf(one) ?? {}
  const { usage } = expected
  const wanted: Record<string, unknown> = {
    model: expected.model ?? null,
    usage: usage ? { input: usage.input, output: usage.output, total: usage.total } : null,
    error: Boolean(expected.error),
  }
  if (usage?.cached != null) wanted.cached = usage.cached
  if (usage?.reasoning != null) wanted.reasoningTokens = usage.reasoning
  if ('content' in expected) wanted.content = expected.content ?? ''
  if ('reasoning' in expected) wanted.reasoning = expected.reasoning ?? ''
  if ('refusal' in expected) wanted.refusal = expected.refusal ?? ''
  if ('finish_reason' in expected) wanted.finish_reason = expected.finish_reason ?? null
  if ('tool_calls' in expected) wanted.tool_calls = wantedTools(expected)
  if ('embeddings' in expected) wanted.embeddings = expected.embeddings ?? null
  if (expected.choices !== undefined) wanted.choices = expected.choices.map(wantedChoice)
  if ('id' in expected) wanted.id = expected.id ?? null
  for (const field of freeFields(one)) delete wanted[field]
  return wanted
}

/** Fields of which the corpus accepts several values, and those that it has wrong. */
export function freeFields(one: CorpusCase): readonly string[] {
  return [...Object.keys(expectedOf(one)?.ambiguous ?? {}), ...(corpusExceptions[one.name]?.fields ?? [])]
}

function wantedTools({ tool_calls: calls = [], function_call: legacy }: CorpusChoice): unknown {
  const all = legacy ? [...calls, { id: null, ...legacy }] : calls
  return all.map(({ id, name, arguments: args }) => ({ id: id || null, name, arguments: args }))
}

function wantedChoice(choice: CorpusChoice): unknown {
  const { index, content, reasoning, finish_reason } = choice
  return {
    index,
    content: content ?? '',
    reasoning: reasoning ?? '',
    refusal: '',
    tool_calls: wantedTools(choice),
    finish_reason,
  }
}
