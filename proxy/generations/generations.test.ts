import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { until } from '../../shared/testing/until.ts'
import type { FetchedResult } from '../observe/fetched-result.ts'
import { createPendingRecords } from '../recorder/pending-records.ts'
import { createGenerations } from './generations.ts'
import { createLocalGenerations } from './local-generations.ts'
import type { SharedGenerations } from './shared-generations.ts'

const running: InferenceRecord = {
  v: 1,
  id: 'record',
  trace: { traceId: 't', spanId: 's' },
  context: { tags: [], metadata: {} },
  operation: 'responses',
  method: 'POST',
  route: '/v1/responses',
  provider: 'openai',
  upstream: 'default',
  request: { stream: false, parameters: {}, bodyBytes: 1, retry: 0 },
  response: { id: 'resp_1', state: 'queued', background: true, bodyBytes: 1 },
  usage: { provenance: 'missing' },
  times: { startedAt: 1_000, durationMs: 10 },
  ending: 'running',
}
const call = { id: 'fetch', upstream: 'default', times: { startedAt: 5_000, durationMs: 10 } }
const result = (more: Partial<FetchedResult> = {}): FetchedResult => ({
  id: 'resp_1',
  usage: { provenance: 'provider', input: 1, output: 2, total: 3 },
  served: { state: 'completed', background: true },
  ...more,
})

function open(
  shared?: SharedGenerations,
  retryMs: readonly number[] = [5, 5, 5],
  accept: (record: InferenceRecord) => void = () => undefined,
) {
  const accepted: InferenceRecord[] = []
  const counts = { open: 0, completed: 0, unknown: 0, failed: 0 }
  const pending = createPendingRecords()
  const stopping = new AbortController()
  const generations = createGenerations({
    urls: new Map([['default', 'http://a.example/v1']]),
    local: createLocalGenerations({ dir: undefined, now: () => 0, onFailure: () => undefined }),
    shared,
    accept(record) {
      accept(record)
      accepted.push(record)
    },
    begin: pending.begin,
    events: {
      generationOpened: () => void counts.open++,
      generationCompleted: () => void counts.completed++,
      generationUnknown: () => void counts.unknown++,
      recordingFailed: () => void counts.failed++,
    },
    stopping: stopping.signal,
    retryMs,
  })
  return { accepted, counts, generations, idle: pending.idle, stop: () => stopping.abort() }
}

test('a result that comes before its generation is known waits for it', async () => {
  const { accepted, counts, generations, idle } = open(undefined, [60_000])
  generations.fetched(call, result())
  await new Promise(setImmediate)
  generations.recorded(running)
  await idle()
  expect(accepted).toMatchObject([{ id: 'record', completedBy: 'fetch', times: { durationMs: 4_010 } }])
  expect(counts).toEqual({ open: 1, completed: 1, unknown: 0, failed: 0 })
})

test('a result of an unknown background response is given up, and counted; of any other it is neither', async () => {
  const { accepted, counts, generations, idle } = open()
  generations.fetched(call, result())
  await idle()
  expect([accepted, counts.unknown]).toEqual([[], 1])
  generations.fetched(call, result({ served: { state: 'completed' } }))
  await idle()
  expect([accepted, counts.unknown]).toEqual([[], 1])
})

test('nobody waits for a result once the process stops', async () => {
  const { generations, idle, stop } = open(undefined, [60_000, 60_000])
  generations.fetched(call, result())
  await new Promise(setImmediate)
  stop()
  await idle()
})

test('the same id, used again by another generation, is completed again', async () => {
  const { accepted, generations, idle } = open()
  for (const id of ['first', 'second']) {
    generations.recorded({ ...running, id })
    for (let times = 0; times < 3; times++) {
      generations.fetched(call, result())
      await idle()
    }
  }
  expect(accepted.map(({ id }) => id)).toEqual(['first', 'second'])
})

test('what another process shares a moment later is found, and what one has taken is left', async () => {
  let looks = 0
  const shared: SharedGenerations = {
    put: async () => undefined,
    claim: async () => {
      looks += 1
      if (looks < 3) return { kind: 'unknown' }
      return looks === 3 ? { kind: 'open', record: JSON.stringify(running) } : { kind: 'taken' }
    },
  }
  const { accepted, generations, idle } = open(shared)
  generations.fetched(call, result())
  await until(() => accepted.length === 1)
  generations.recorded(running)
  generations.fetched(call, result())
  await idle()
  expect(accepted).toHaveLength(1)
})

test('while Redis does not answer this process completes what it began', async () => {
  const shared: SharedGenerations = {
    put: async () => undefined,
    claim: async () => ({ kind: 'unavailable' }),
  }
  const { accepted, generations, idle } = open(shared)
  generations.recorded(running)
  generations.fetched(call, result())
  await idle()
  expect(accepted).toHaveLength(1)
})

test('a defect behind it costs this result alone', async () => {
  const { counts, generations, idle } = open(undefined, [], () => {
    throw new Error('defect')
  })
  generations.recorded(running)
  generations.fetched(call, result())
  await idle()
  expect(counts.failed).toBe(1)
})

test('text that is no record completes nothing', async () => {
  const shared: SharedGenerations = {
    put: async () => undefined,
    claim: async () => ({ kind: 'open', record: '{"v":1' }),
  }
  const { accepted, generations, idle } = open(shared)
  generations.fetched(call, result())
  await idle()
  expect(accepted).toEqual([])
})
