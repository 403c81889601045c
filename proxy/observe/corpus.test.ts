import { expect, test } from 'vitest'
import type { InferenceRecord, Operation } from '../../shared/record/record.ts'
import {
  type CorpusCase,
  type CorpusChoice,
  type CorpusExpectation,
  corpusCases,
  corpusMissing,
  expectedOf,
  headersOf,
  requestOf,
  responseOf,
} from '../../shared/testing/corpus.ts'
import { type Split, split } from '../../shared/testing/split.ts'
import { corpusExceptions } from './corpus-exceptions.ts'
import { recordOfExchange } from './testing/exchange.ts'
import { readable } from './testing/readable.ts'

const operations: Readonly<Record<string, Operation>> = {
  chat: 'chat',
  completions: 'text_completion',
  responses: 'responses',
  embeddings: 'embeddings',
  rerank: 'rerank',
}

const cases = corpusCases().filter((one) => expectedOf(one) !== undefined)
const splits: readonly Split[] = ['whole', 'line', { seed: 7 }, 'byte']

if (corpusMissing !== undefined) test.skip(corpusMissing, () => {})

test.each(cases.map((one) => [one.name, one] as const))(
  'records %s as expected, however it is cut',
  (name, one) => {
    const expected = expectedOf(one) ?? {}
    const whole = record(one, 'whole')
    const wanted = wantedFields(name, expected)
    expect(pick(readable(whole), Object.keys(wanted))).toEqual(wanted)
    for (const how of splits) {
      const cutUp = record(one, how)
      expect({ ...cutUp, times: whole.times, stream: whole.stream }).toEqual(whole)
      expect(cutUp.stream?.events).toBe(whole.stream?.events)
    }
  },
)

test.each(cases.map((one) => [one.name, one] as const))('says how %s ended', (_, one) => {
  const { ending, error } = record(one, 'whole')
  expect({ ending, failed: error !== undefined }).toEqual({
    ending: endingOf(one),
    failed: endingOf(one) !== 'completed',
  })
  if (error !== undefined) {
    expect(error.type).toMatch(/^[A-Za-z][\w.-]{1,63}$/)
    expect(error.message).toMatch(/^.{1,500}$/)
  }
})

function record(one: CorpusCase, how: Split): InferenceRecord {
  const body = requestOf(one)
  return recordOfExchange({
    call: { operation: operations[one.meta.endpoint] ?? 'relay', ...(body !== undefined && { body }) },
    status: one.meta.status,
    headers: headersOf(one),
    chunks: split(responseOf(one), how),
  })
}

/** Some recordings stop in the middle without an error: whoever made them cut them there. */
function endingOf(one: CorpusCase): InferenceRecord['ending'] {
  const expected = expectedOf(one) ?? {}
  if (one.meta.status >= 400) return 'upstream_error'
  if (expected.error) return 'error_in_stream'
  const cutOff = one.meta.quirks?.includes('no-done') && expected.finish_reason === null
  return one.meta.stream && cutOff ? 'truncated' : 'completed'
}

/** The fields that the corpus's README asks to compare, without those where it accepts several values. */
function wantedFields(name: string, expected: CorpusExpectation): Record<string, unknown> {
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
  const free = [...Object.keys(expected.ambiguous ?? {}), ...(corpusExceptions[name]?.fields ?? [])]
  for (const field of free) delete wanted[field]
  return wanted
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

const pick = (from: Record<string, unknown>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, from[name]]))
