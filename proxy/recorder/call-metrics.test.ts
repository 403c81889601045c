import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createLogger } from '../../shared/logger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { numberedRecord } from '../../shared/testing/numbered-record.ts'
import { createRecorderEvents } from './recorder-events.ts'

type Changes = Partial<InferenceRecord> & { readonly model?: string }

const aRecord = ({ model = 'gpt-4o-mini', ...changes }: Changes = {}): InferenceRecord => ({
  ...numberedRecord(1),
  usage: { provenance: 'provider', input: 1_000_000, output: 250_000 },
  times: { startedAt: 0, durationMs: 2_000 },
  ...changes,
  request: { ...numberedRecord(1).request, model, ...changes.request },
})

/** @returns the lines of a scrape after these calls that begin with one of the names and say more than 0 */
async function scraped(records: readonly InferenceRecord[], ...names: string[]): Promise<readonly string[]> {
  const registry = new Registry()
  const events = createRecorderEvents(registry, createLogger('silent', 'proxy'))
  for (const record of records) events.callEnded(record)
  const lines = (await registry.metrics()).split('\n')
  return lines.filter((line) => names.some((name) => line.startsWith(name)) && !line.endsWith(' 0'))
}

const labels =
  'gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt-4o-mini",upstream="default"'

test('a call that generates counts as inference, and every other as operation', async () => {
  const records = [aRecord(), aRecord({ operation: 'embeddings' }), aRecord({ operation: 'rerank' })]
  expect(await scraped(records, 'gen_ai_client_inference_duration_seconds_count')).toEqual([
    `gen_ai_client_inference_duration_seconds_count{${labels},error_type=""} 1`,
  ])
  const others = await scraped(records, 'gen_ai_client_operation_duration_seconds_count')
  expect(others.map((line) => /operation_name="(\w+)"/.exec(line)?.[1])).toEqual(['embeddings', 'rerank'])
})

test('a response that is fetched again is no inference, and its tokens are not counted again', async () => {
  const usage = { provenance: 'provider', input: 5 } as const
  const fetched = aRecord({ operation: 'responses', usage: { provenance: 'missing' }, fetched: { usage } })
  const lines = await scraped([fetched], 'gen_ai_', 'threadtap_cost_sources')
  expect(lines.every((line) => line.includes('gen_ai_operation_name="fetch_response"'))).toBe(true)
  expect(lines.filter((line) => line.includes('tokens'))).toEqual([])
})

test('tokens include what the provider counts apart, and are told apart by modality where it does', async () => {
  const usage = {
    provenance: 'provider',
    input: 10,
    cachedInput: 30,
    cacheWrite: 2,
    cacheOutsideInput: true,
    output: 20,
    reasoning: 5,
    audioOutput: 8,
  } as const
  const tokens = await scraped([aRecord({ usage })], 'gen_ai_client_inference_usage')
  expect(tokens).toEqual([
    `gen_ai_client_inference_usage_input_tokens_total{${labels},gen_ai_token_modality="unknown"} 42`,
    `gen_ai_client_inference_usage_output_tokens_total{${labels},gen_ai_token_modality="text"} 12`,
    `gen_ai_client_inference_usage_output_tokens_total{${labels},gen_ai_token_modality="audio"} 8`,
    `gen_ai_client_inference_usage_cache_read_input_tokens_total{${labels},gen_ai_token_modality="unknown"} 30`,
    `gen_ai_client_inference_usage_cache_write_input_tokens_total{${labels},gen_ai_token_modality="unknown"} 2`,
    `gen_ai_client_inference_usage_reasoning_output_tokens_total{${labels},gen_ai_token_modality="text"} 5`,
  ])
  const perCall = await scraped(
    [aRecord({ usage })],
    'gen_ai_client_inference_operation',
    'gen_ai_client_token',
  )
  expect(perCall.filter((line) => line.includes('_sum'))).toEqual([
    `gen_ai_client_inference_operation_input_tokens_sum{${labels}} 42`,
    `gen_ai_client_inference_operation_output_tokens_sum{${labels}} 20`,
    `gen_ai_client_token_usage_sum{${labels},gen_ai_token_type="input"} 42`,
    `gen_ai_client_token_usage_sum{${labels},gen_ai_token_type="output"} 20`,
  ])
})

test('every chunk of a stream counts, with the mean of its stream', async () => {
  const { request } = aRecord()
  const stream = aRecord({
    request: { ...request, stream: true },
    stream: { events: 11, largestGapMs: 700 },
    times: { startedAt: 0, firstTokenMs: 500, durationMs: 2_500 },
    usage: { provenance: 'provider', input: 1, output: 101 },
  })
  const names = ['gen_ai_client_inference_time', 'threadtap_output_tokens', 'threadtap_stream']
  const lines = await scraped([stream], ...names)
  expect(lines.filter((line) => /_(sum|count)\{/.test(line))).toEqual([
    `gen_ai_client_inference_time_to_first_chunk_seconds_sum{${labels}} 0.5`,
    `gen_ai_client_inference_time_to_first_chunk_seconds_count{${labels}} 1`,
    `gen_ai_client_inference_time_per_output_chunk_seconds_sum{${labels}} 2`,
    `gen_ai_client_inference_time_per_output_chunk_seconds_count{${labels}} 10`,
    `threadtap_output_tokens_per_second_sum{${labels}} 50`,
    `threadtap_output_tokens_per_second_count{${labels}} 1`,
    'threadtap_stream_largest_gap_seconds_sum{upstream="default"} 0.7',
    'threadtap_stream_largest_gap_seconds_count{upstream="default"} 1',
  ])
})

test('cost is the bill of the provider, else of the price list, and marked; what nobody knows is counted', async () => {
  const billed = aRecord({ usage: { provenance: 'provider', input: 1, output: 1, cost: 0.5 } })
  const unknown = aRecord({ model: 'home-made' })
  const failed = aRecord({ usage: { provenance: 'missing' }, ending: 'upstream_error' })
  const records = [billed, aRecord(), unknown, failed]
  expect(await scraped(records, 'threadtap_cost')).toEqual([
    `threadtap_cost_usd_total{${labels},source="provider"} 0.5`,
    `threadtap_cost_usd_total{${labels},source="price_list"} 0.3`,
    'threadtap_cost_sources_total{source="provider"} 1',
    'threadtap_cost_sources_total{source="price_list"} 1',
    'threadtap_cost_sources_total{source="none"} 1',
  ])
})

test('a call that repeats one is counted as a retry', async () => {
  const { request } = aRecord()
  const again = aRecord({ request: { ...request, retry: 1 } })
  const sameId = aRecord({ request: { ...request, attemptOf: 'x' } })
  expect(await scraped([aRecord(), again, sameId], 'threadtap_retries')).toEqual([
    'threadtap_retries_total{upstream="default"} 2',
  ])
})

test('however many codes, statuses and models upstreams and clients make up, a scrape stays small', async () => {
  const records = Array.from({ length: 1_500 }, (_, n) =>
    aRecord({
      model: n < 750 ? 'm' : `model-${n}`,
      response: { bodyBytes: 0, status: 100 + (n % 900) },
      ending: 'upstream_error',
      error: { type: n % 2 === 0 ? `code_${n}` : 'overloaded', message: '' },
    }),
  )
  const durations = await scraped(records, 'gen_ai_client_inference_duration_seconds_count')
  const values = (label: string) =>
    new Set(durations.map((line) => new RegExp(`${label}="([^"]*)"`).exec(line)?.[1]))
  expect([...values('error_type')].sort()).toEqual(['other', 'overloaded'])
  expect(values('gen_ai_request_model').size).toBe(51)
  expect(values('gen_ai_request_model')).toContain('other')
  const counts = durations.map((line) => Number(line.split(' ').at(-1)))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_500)
})
