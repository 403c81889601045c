import { expect, onTestFinished, test } from 'vitest'
import { CallsUnavailable } from '../../shared/admin/call-store.ts'
import { sampleRecord } from '../../shared/admin/testing/sample-record.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { createRecentCalls, type RecentCallsOptions } from './recent-calls.ts'
import { type LocalStore, openLocalStore } from './store.ts'

/** What was reported. */
function recentCalls(options: Partial<RecentCallsOptions> = {}) {
  const reported = { dropped: { behind: 0, failed: 0 }, failures: 0, recoveries: 0 }
  const dir = tempDir()
  const calls = createRecentCalls({
    open: () => openLocalStore({ dir, maxCalls: 100, isOnlyPlace: false }),
    lingerMs: 0,
    backoff: { baseMs: 5, maxMs: 5 },
    events: {
      copiesDropped: (count, reason) => {
        reported.dropped[reason] += count
      },
      localStoreFailed: () => {
        reported.failures += 1
      },
      localStoreRecovered: () => {
        reported.recoveries += 1
      },
    },
    ...options,
  })
  onTestFinished(() => calls.stop?.(new AbortController().signal))
  return { ...calls, reported, dir }
}

const call = (id: string) => sampleRecord({ id, times: { startedAt: 1, durationMs: 1 } })
const idsOf = async ({ calls }: Pick<ReturnType<typeof recentCalls>, 'calls'>) =>
  (await calls.calls({ limit: 10 })).map(({ id }) => id)

test('copies and their deliveries are kept', async () => {
  const recent = recentCalls()
  recent.keep([call('a'), call('b')])
  recent.noteDelivery(call('a'), { state: 'delivered', at: 5 })
  await until(async () => (await recent.calls.call('a'))?.delivery.state === 'delivered')
  expect(await idsOf(recent)).toEqual(['b', 'a'])
  expect((await recent.calls.call('b'))?.delivery).toEqual({ state: 'pending' })
})

test('what waits is written before the end', async () => {
  const recent = recentCalls({ lingerMs: 3_600_000 })
  recent.keep([call('a')])
  await recent.stop?.(new AbortController().signal)
  const store = await openLocalStore({ dir: recent.dir, maxCalls: 10 })
  expect(await store.call('a')).toBeDefined()
  await store.close()
})

test('a store that cannot be opened costs its copies alone, and is tried again until it works', async () => {
  let isBroken = true
  const dir = tempDir()
  const open = () =>
    isBroken
      ? Promise.reject(new Error('no space left on device'))
      : openLocalStore({ dir, maxCalls: 9, isOnlyPlace: false })
  const recent = recentCalls({ open })
  recent.keep([call('a'), call('b')])
  await until(() => recent.reported.dropped.failed === 2)
  await expect(recent.calls.calls({ limit: 1 })).rejects.toThrow(CallsUnavailable)
  await expect(recent.calls.calls({ limit: 1 })).rejects.toThrow(/no space left on device/)
  await until(() => recent.reported.failures > 2)
  expect(recent.reported.recoveries).toBe(0)
  isBroken = false
  await until(() => recent.reported.recoveries === 1)
  recent.keep([call('c')])
  await until(async () => (await idsOf(recent)).join() === 'c')
})

test('a write that fails costs its copies alone, and the store is opened again', async () => {
  const dir = tempDir()
  let failing = true
  const open = async (): Promise<LocalStore> => {
    const store = await openLocalStore({ dir, maxCalls: 9, isOnlyPlace: false })
    const save: LocalStore['save'] = (records) =>
      failing ? Promise.reject(new Error('disk full')) : store.save(records)
    return { ...store, save }
  }
  const recent = recentCalls({ open })
  recent.keep([call('a')])
  await until(() => recent.reported.dropped.failed === 1)
  failing = false
  await until(() => recent.reported.recoveries === 1)
  recent.keep([call('b')])
  await until(async () => (await idsOf(recent).catch(() => [])).join() === 'b')
  expect(recent.reported).toMatchObject({ failures: 1, recoveries: 1 })
})

test('a disk that hangs holds up neither what keeps nor the end', async () => {
  const recent = recentCalls({ open: () => new Promise(() => undefined) })
  for (let n = 0; n < 3_000; n += 1) recent.keep([call(`c${n}`)])
  expect(recent.reported.dropped.behind).toBe(1_000)
  await recent.stop?.(AbortSignal.abort())
})

test('after the end nothing is opened again', async () => {
  let opened = 0
  const dir = tempDir()
  const open = () => {
    opened += 1
    return openLocalStore({ dir, maxCalls: 9 })
  }
  const recent = recentCalls({ open })
  recent.keep([call('a')])
  await recent.stop?.(new AbortController().signal)
  recent.keep([call('b')])
  await expect(recent.calls.calls({ limit: 1 })).rejects.toThrow(/closed/)
  expect(opened).toBe(1)
})
