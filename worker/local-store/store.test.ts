import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleRecord } from '../../shared/admin/testing/sample-record.ts'
import { createCostOf } from '../../shared/pricing/cost-of.ts'
import type { CallContext, InferenceRecord } from '../../shared/record/record.ts'
import { localStoreSink } from '../sinks/local-store.ts'
import { type LocalStore, openLocalStore } from './store.ts'
import { timelineKey } from './sublevels.ts'

let dir: string
let store: LocalStore

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'threadtap-store-'))
  store = await openLocalStore({ dir, maxCalls: 5 })
})

afterEach(async () => {
  await store.close()
  await rm(dir, { recursive: true })
})

/** @param second when it started, since 1970 */
function call(id: string, second: number, context: Partial<CallContext> = {}): InferenceRecord {
  return sampleRecord({ id, times: { startedAt: second * 1000, durationMs: 10 }, context })
}

const idsOf = async (query: Parameters<LocalStore['calls']>[0]) =>
  (await store.calls(query)).map(({ id }) => id)

test('calls are listed newest first by when they started, not by when they were delivered', async () => {
  await store.save([call('c', 3), call('a', 1)])
  await store.save([call('b', 2)])
  expect(await idsOf({ limit: 10 })).toEqual(['c', 'b', 'a'])
})

test('a list continues before the last call of the previous page', async () => {
  await store.save([call('a', 1), call('b', 2), call('b2', 2), call('c', 3)])
  expect(await idsOf({ limit: 2 })).toEqual(['c', 'b2'])
  expect(await idsOf({ limit: 2, before: 'b2' })).toEqual(['b', 'a'])
  expect(await idsOf({ limit: 2, before: 'forgotten' })).toEqual([])
})

test('the calls of one thread are found whatever its name begins with or consists of', async () => {
  const names = ['x', 'x/y', 'xy', 'ü 🐟', 'x\ud83d']
  await store.save(names.map((threadId, n) => call(`id${n}`, n, { threadId })))
  for (const [n, thread] of names.entries()) {
    expect(await idsOf({ thread, limit: 10 })).toEqual([`id${n}`])
  }
  expect(await idsOf({ thread: 'nobody', limit: 10 })).toEqual([])
})

test('the list of a thread continues before the last call of the previous page', async () => {
  await store.save([1, 2, 3].map((n) => call(`x${n}`, n, { threadId: 'x' })))
  expect(await idsOf({ thread: 'x', limit: 1, before: 'x3' })).toEqual(['x2'])
})

test('a repeated delivery replaces the call and counts once', async () => {
  for (let n = 0; n < 7; n += 1) await store.save([call('a', 1)])
  await store.save([{ ...call('a', 1), usage: { provenance: 'estimated', input: 1 } }, call('b', 2)])
  expect(await idsOf({ limit: 10 })).toEqual(['b', 'a'])
  expect((await store.call('a'))?.usage).toEqual({ provenance: 'estimated', input: 1 })
})

test('the oldest calls beyond the limit are deleted from every list', async () => {
  await store.save([1, 2, 3].map((n) => call(`old${n}`, n, { threadId: 'old' })))
  await store.save([4, 5, 6, 7].map((n) => call(`new${n}`, n, { threadId: 'new' })))
  expect(await idsOf({ limit: 10 })).toEqual(['new7', 'new6', 'new5', 'new4', 'old3'])
  expect(await idsOf({ thread: 'old', limit: 10 })).toEqual(['old3'])
  expect(await store.call('old1')).toBeUndefined()
  expect((await store.threads({ limit: 10 })).map(({ thread, calls }) => [thread, calls])).toEqual([
    ['new', 4],
    ['old', 1],
  ])
})

test('calls survive closing and opening, and a lower limit applies from the next call on', async () => {
  await store.save([1, 2, 3].map((n) => call(`c${n}`, n)))
  await store.close()
  store = await openLocalStore({ dir, maxCalls: 2 })
  expect(await idsOf({ limit: 10 })).toEqual(['c3', 'c2', 'c1'])
  await store.save([call('c4', 4)])
  expect(await idsOf({ limit: 10 })).toEqual(['c4', 'c3'])
})

test('threads are listed newest first, with the sums of their calls', async () => {
  await store.save([
    call('a', 1, { threadId: 'trip', sessionId: 's1', userId: 'ann' }),
    { ...call('b', 3, { threadId: 'trip', sessionId: 's2', userId: 'ann' }), ending: 'truncated' },
    { ...call('c', 2, { threadId: 'other' }), usage: { provenance: 'missing' } },
  ])
  const [trip, other] = await store.threads({ limit: 10 })
  expect(trip).toEqual({
    thread: 'trip',
    kind: 'thread',
    calls: 2,
    firstAt: 1000,
    lastAt: 3000,
    users: ['ann'],
    sessions: ['s2', 's1'],
    models: ['gpt-4o-2024-08-06'],
    tokens: { input: 24, output: 10, total: 34 },
    errors: 1,
  })
  expect(other).toMatchObject({ thread: 'other', users: [], tokens: { input: 0, output: 0, total: 0 } })
  expect(await store.threads({ limit: 1 })).toHaveLength(1)
})

test('calls without a thread belong to their session, and without either to their trace', async () => {
  const trace = { traceId: 'f'.repeat(32), spanId: 'b'.repeat(16) }
  await store.save([
    call('a', 1, { sessionId: 's' }),
    call('b', 2, { threadId: 's' }),
    { ...call('c', 3), trace },
  ])
  const threads = await store.threads({ limit: 10 })
  expect(threads.map(({ thread, kind, calls }) => [thread, kind, calls])).toEqual([
    ['f'.repeat(32), 'trace', 1],
    ['s', 'thread', 2],
  ])
})

test('costs are those of the time of the call, and add up', async () => {
  await store.close()
  store = await openLocalStore({ dir, maxCalls: 5, costOf: createCostOf() })
  const billed = { ...call('b', 2, { threadId: 't' }), usage: { provenance: 'provider', cost: 0.5 } as const }
  await store.save([call('a', 1, { threadId: 't' }), billed])
  const byList = { usd: (12 * 2.5 + 5 * 10) / 1e6, source: 'price_list', date: '2026-08-22' }
  expect((await store.calls({ limit: 2 })).map(({ cost }) => cost)).toEqual([
    { usd: 0.5, source: 'provider' },
    byList,
  ])
  expect((await store.threads({ limit: 1 }))[0]?.cost).toEqual({ ...byList, usd: 0.5 + byList.usd })
  expect((await store.call('a'))?.cost).toEqual(byList)
})

test('a call is found by the end of its id, the newest where several end so', async () => {
  await store.save([call('0001abcdef', 1), call('0002abcdef', 2), call('0003abcdee', 3)])
  expect((await store.call('abcdef'))?.id).toBe('0002abcdef')
  expect((await store.call('1ABCDEF'))?.id).toBe('0001abcdef')
  expect(await store.call('bcdef')).toBeUndefined()
})

test('a copy waits for its delivery, a call that goes nowhere else does not', async () => {
  await store.save([call('here', 1)])
  await store.close()
  store = await openLocalStore({ dir, maxCalls: 5, isOnlyPlace: false })
  const copies = ['a', 'b', 'c'].map((id, n) => call(id, n + 2))
  await store.save(copies)
  const [a, b] = copies as [InferenceRecord, InferenceRecord]
  await store.noteDeliveries([
    { key: timelineKey(a), delivery: { state: 'delivered', at: 9 } },
    { key: timelineKey(b), delivery: { state: 'dropped', at: 9, reason: 'sampled_out' } },
    { key: timelineKey(call('unknown', 7)), delivery: { state: 'delivered', at: 9 } },
  ])
  const stateOf = async (id: string) => (await store.call(id))?.delivery
  expect(await stateOf('here')).toEqual({ state: 'local' })
  expect(await stateOf('a')).toEqual({ state: 'delivered', at: 9 })
  expect(await stateOf('b')).toEqual({ state: 'dropped', at: 9, reason: 'sampled_out' })
  expect(await stateOf('c')).toEqual({ state: 'pending' })
  await store.save([call('unknown', 7)])
  expect(await stateOf('unknown')).toEqual({ state: 'pending' })
})

test('the oldest calls beyond the limit of bytes are deleted, also after opening again', async () => {
  await store.close()
  const large = (id: string, second: number) => ({ ...call(id, second), input: 'x'.repeat(1_000) })
  const limits = { dir, maxCalls: 100, maxBytes: 5_000 }
  store = await openLocalStore(limits)
  await store.save([large('a', 1), large('b', 2), large('c', 3)])
  expect(await idsOf({ limit: 10 })).toEqual(['c', 'b', 'a'])
  await store.close()
  store = await openLocalStore(limits)
  await store.save([large('d', 4)])
  expect(await idsOf({ limit: 10 })).toEqual(['d', 'c', 'b'])
})

test('concurrent deliveries are all counted', async () => {
  await Promise.all([1, 2, 3, 4, 5, 6, 7].map((n) => store.save([call(`c${n}`, n)])))
  expect(await idsOf({ limit: 10 })).toEqual(['c7', 'c6', 'c5', 'c4', 'c3'])
})

test('the sink has a verdict for each record, and a failed write is retryable', async () => {
  const send = localStoreSink(store)
  const { signal } = new AbortController()
  expect(await send([call('a', 1), call('b', 2)], signal)).toEqual([{ ok: true }, { ok: true }])
  await store.close()
  expect(await send([call('c', 3)], signal)).toMatchObject([{ ok: false, fault: { kind: 'retryable' } }])
})

test('a second process cannot open the store', async () => {
  const second = openLocalStore({ dir, maxCalls: 5 })
  await expect(second).rejects.toMatchObject({ cause: { code: 'LEVEL_LOCKED' } })
})

test('a folder without a store is an error when none is to be created', async () => {
  const missing = openLocalStore({ dir: join(dir, 'nothing'), maxCalls: 5, create: false })
  await expect(missing).rejects.toMatchObject({ code: 'LEVEL_DATABASE_NOT_OPEN' })
})

test('a call that runs is replaced by its result, and does not replace it when it comes late', async () => {
  const running = { ...call('a', 1), ending: 'running' } as const
  const complete = { ...call('a', 1), completedBy: 'b' }
  await store.save([running])
  expect(await store.calls({ limit: 10 })).toMatchObject([{ ending: 'running' }])
  await store.save([complete])
  await store.save([running, call('b', 2)])
  expect(await store.calls({ limit: 10 })).toMatchObject([{ id: 'b' }, { id: 'a', ending: 'completed' }])
  expect(await store.call('a')).toMatchObject({ completedBy: 'b' })
  await store.save([
    { ...complete, id: 'c' },
    { ...running, id: 'c' },
  ])
  expect(await store.call('c')).toMatchObject({ ending: 'completed' })
})

test('calls that name neither thread nor session are in the thread of their conversation', async () => {
  const conversationId = 'c'.repeat(32)
  const run = { conversationId, turn: 1, step: 1 }
  const link = { kind: 'none' } as const
  const unnamed = { context: { tags: [], metadata: {} }, link, run }
  await store.save([
    sampleRecord({ id: 'a', ...unnamed }),
    sampleRecord({
      id: 'b',
      ...unnamed,
      run: { ...run, turn: 2 },
      link: { kind: 'history', relation: 'turn' },
    }),
    sampleRecord({ id: 'c', ...unnamed, link: { kind: 'explicit' } }),
  ])
  expect(new Set(await idsOf({ thread: conversationId, limit: 10 }))).toEqual(new Set(['a', 'b']))
  expect(await store.threads({ limit: 10 })).toMatchObject([
    { kind: 'trace' },
    { kind: 'conversation', calls: 2 },
  ])
  expect((await store.calls({ thread: conversationId, limit: 1 }))[0]).toMatchObject({ conversationId })
})
