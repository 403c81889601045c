import { type CallDelivery, type CallStore, CallsUnavailable } from '../../shared/admin/call-store.ts'
import { reasonOf } from '../../shared/error-cause.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { untilAborted } from '../../shared/timing/abort.ts'
import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { withDeadline } from '../../shared/timing/deadline.ts'
import { pause } from '../../shared/timing/pause.ts'
import type { LocalStore } from './store.ts'
import { createWaitingCopies, type WaitingCopies } from './waiting-copies.ts'

/** Why a call is missing in the local store where that is beside the sinks. A closed set: it is a label. */
export const copyDropReasons = ['behind', 'failed'] as const

export type CopyDropReason = (typeof copyDropReasons)[number]

export type RecentCallsEvents = {
  /** Calls that the local store does not have; their records are delivered all the same. */
  copiesDropped(calls: number, reason: CopyDropReason): void
  localStoreFailed(cause: unknown): void
  localStoreRecovered(): void
}

export type RecentCallsOptions = {
  readonly open: () => Promise<LocalStore>
  readonly events: RecentCallsEvents
  readonly clock: Pick<Clock, 'monotonic'>
  /** How long a store that failed is left alone. */
  readonly backoff?: Backoff
  /** How long copies wait for others, to be written together. */
  readonly lingerMs?: number
  readonly waiting?: WaitingCopies
}

/**
 * The last calls, kept beside the sinks for `threadtap calls`. It decides about no record: a disk that is full, broken or
 * slow leaves calls out here, which is counted, and nowhere else.
 */
export type RecentCalls = Part & {
  readonly calls: CallStore
  /** Keeps copies of records; neither throws nor waits. What came by before is passed over. */
  keep(records: readonly InferenceRecord[]): void
  /** Notes what became of a record; neither throws nor waits. */
  noteDelivery(record: InferenceRecord, delivery: CallDelivery): void
}

type State =
  | { readonly kind: 'closed' | 'stopped' }
  | { readonly kind: 'open'; readonly store: LocalStore }
  | {
      readonly kind: 'failed'
      readonly failures: number
      readonly retryAtMs: number
      readonly cause: unknown
    }

/** A disk that takes longer is no help to who is waiting for an answer. */
const answerMs = 5_000

export function createRecentCalls(options: RecentCallsOptions): RecentCalls {
  const { events, clock, backoff = { baseMs: 1_000, maxMs: 60_000 }, lingerMs = 200 } = options
  const waiting = options.waiting ?? createWaitingCopies((calls) => events.copiesDropped(calls, 'behind'))
  const stopping = new AbortController()
  let state: State = { kind: 'closed' }
  let working: Promise<void> | undefined

  const hasStopped = (): boolean => state.kind === 'stopped'

  function failed(cause: unknown): void {
    const failures = state.kind === 'failed' ? state.failures + 1 : 0
    if (failures === 0) events.localStoreFailed(cause)
    state = { kind: 'failed', failures, retryAtMs: clock.monotonic() + backoffMs(failures, backoff), cause }
  }

  let opening: Promise<void> | undefined
  async function open(): Promise<void> {
    if (state.kind === 'open' || state.kind === 'stopped') return
    if (state.kind === 'failed' && clock.monotonic() < state.retryAtMs) return
    opening ??= openOnce().finally(() => {
      opening = undefined
    })
    return opening
  }

  async function openOnce(): Promise<void> {
    try {
      const store = await options.open()
      if (hasStopped()) return await store.close()
      if (state.kind === 'failed') events.localStoreRecovered()
      state = { kind: 'open', store }
    } catch (cause) {
      if (!hasStopped()) failed(cause)
    }
  }

  async function write(store: LocalStore): Promise<void> {
    const { records, deliveries } = waiting.take()
    try {
      if (records.length > 0) await store.save(records)
      if (deliveries.length > 0) await store.noteDeliveries(deliveries)
    } catch (cause) {
      events.copiesDropped(records.length, 'failed')
      failed(cause)
      await store.close().catch(() => undefined)
    }
  }

  async function writeWaiting(): Promise<void> {
    await open()
    while (!waiting.isEmpty()) {
      await pause(lingerMs, stopping.signal)
      if (state.kind === 'open') await write(state.store)
      else events.copiesDropped(waiting.take().records.length, 'failed')
    }
    working = undefined
  }

  function work(): void {
    if (state.kind !== 'stopped') working ??= writeWaiting()
  }

  async function usable(): Promise<LocalStore> {
    await withDeadline(answerMs, open).catch((cause) => {
      throw new CallsUnavailable('the local store does not answer; records are delivered all the same', {
        cause,
      })
    })
    if (state.kind === 'open') return state.store
    const reason = state.kind === 'failed' ? reasonOf(state.cause) : 'it is closed'
    throw new CallsUnavailable(
      `the local store cannot be used (${reason}); records are delivered all the same`,
    )
  }

  async function stop(deadline: AbortSignal): Promise<void> {
    if (hasStopped()) return
    stopping.abort()
    await Promise.race([working, untilAborted(deadline)])
    const store = state.kind === 'open' ? state.store : undefined
    state = { kind: 'stopped' }
    await Promise.race([store?.close(), untilAborted(deadline)])
  }

  return {
    name: 'local store',
    start: work,
    stop,
    keep(records) {
      waiting.add(records)
      work()
    },
    noteDelivery(record, delivery) {
      waiting.note({ record, delivery })
      work()
    },
    calls: {
      threads: async (query) => (await usable()).threads(query),
      calls: async (query) => (await usable()).calls(query),
      call: async (id) => (await usable()).call(id),
    },
  }
}
