import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import {
  type CorpusCase,
  corpusCases,
  corpusMissing,
  headersOf,
  requestOf,
  responseOf,
} from '../../shared/testing/corpus.ts'
import { type Split, split } from '../../shared/testing/split.ts'
import { recordOfExchange } from './testing/exchange.ts'

// The corpus has no expected.json for other APIs than OpenAI's; these were read from the recordings.
const expected: Readonly<Record<string, object>> = {
  'anthropic/cline--anthropic-claude-sonnet-4-6': {
    response: { model: 'claude-sonnet-4-6', id: 'ID_REDACTED' },
    output: {
      kind: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'OK' }],
      finishReason: 'end_turn',
    },
    usage: { provenance: 'provider', input: 22, output: 4 },
    ending: 'completed',
  },
  'anthropic/langchaingo--testclient-createmessagestream': {
    request: { model: 'claude-3-opus-20240229', parameters: { max_tokens: 100, temperature: 0 } },
    response: { id: 'msg_01Ju7oPaDmjgrhWq8gNP4AUj' },
    input: [{ role: 'user', content: 'Count from 1 to 5' }],
    output: { content: [{ type: 'text', text: '1\n2\n3\n4\n5' }], finishReason: 'end_turn' },
    usage: { input: 15, output: 13 },
    ending: 'completed',
  },
  'anthropic/openllmetry-js--should-set-attributes-in-span-for-messages-streaming-44400664': {
    response: { id: 'msg_0178nRhNdfNKxFcZRFqApVgL' },
    output: { content: [{ text: expect.stringMatching(/^Sure, here's a joke about OpenTelemetry:/) }] },
    usage: { input: 17 },
    ending: 'completed',
  },
  'anthropic/pydantic-ai--live-tool-search-handoff-anthropic-openai-anthropic': {
    input: {
      system: [{ type: 'text', text: 'Always use get_exchange_rate to answer exchange-rate questions.' }],
      tools: [{ name: 'get_exchange_rate' }, { name: 'tool_search_tool_bm25' }],
    },
    output: {
      content: [
        { type: 'text', text: 'Let me look up the USD/EUR exchange rate for you!' },
        { type: 'server_tool_use', name: 'tool_search_tool_bm25', input: { query: 'get exchange rate' } },
        { type: 'tool_search_tool_result', tool_use_id: 'srvtoolu_01U7MY7od7kCtLUQAveyY6qx' },
        { type: 'tool_use', id: 'toolu_01P4f8oPjzXznuWr5VzTVe4N', input: { pair: 'USD/EUR' } },
      ],
      finishReason: 'tool_use',
    },
    usage: { input: 1594, output: 132 },
    ending: 'completed',
  },
}

const cases = corpusCases().filter(({ meta }) => meta.endpoint === 'anthropic.messages')
const splits: readonly Split[] = ['line', { seed: 7 }, 'byte']

if (corpusMissing !== undefined) test.skip(corpusMissing, () => {})

test.each(cases.map((one) => [one.name, one] as const))(
  'records the message of %s, however it is split',
  (name, one) => {
    const whole = record(one, 'whole')
    expect(whole).toMatchObject(expected[name] ?? { ending: 'completed', output: { kind: 'message' } })
    for (const how of splits) {
      expect({ ...record(one, how), times: whole.times, stream: whole.stream }).toEqual(whole)
    }
  },
)

function record(one: CorpusCase, how: Split): InferenceRecord {
  const body = requestOf(one)
  return recordOfExchange({
    call: { operation: 'messages', ...(body !== undefined && { body }) },
    status: one.meta.status,
    headers: headersOf(one),
    chunks: split(responseOf(one), how),
  })
}
