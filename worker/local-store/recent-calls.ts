import type { CallDelivery, CallStore } from '../../shared/admin/call-store.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { untilAborted } from '../../shared/timing/abort.ts'
import { pause } from '../../shared/timing/pause.ts'
import { createReopeningStore, type ReopeningStore, type ReopeningStoreOptions } from './reopening-store.ts'
import { storedCalls } from './stored-calls.ts'
import { timelineKey } from './sublevels.ts'
import { createWaitingCopies, type WaitingCopies } from './waiting-copies.ts'

/** Why a call is missing in the local store where that is beside the sinks. A closed set: it is a label. */
export const copyDropReasons = ['behind', 'failed'] as const

export type CopyDropReason = (typeof copyDropReasons)[number]

export type RecentCallsEvents = ReopeningStoreOptions['events'] & {
  /** Calls that the local store does not have; their records are delivered all the same. */
  copiesDropped(calls: number, reason: CopyDropReason): void
}

export type RecentCallsOptions = Omit<ReopeningStoreOptions, 'events'> & {
  readonly events: RecentCallsEvents
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

export function createRecentCalls(options: RecentCallsOptions): RecentCalls {
  const { events, lingerMs = 200 } = options
  const waiting = options.waiting ?? createWaitingCopies((calls) => events.copiesDropped(calls, 'behind'))
  const store = createReopeningStore(options)
  const stopping = new AbortController()
  let working: Promise<void> | undefined

  async function writeWaiting(): Promise<void> {
    await store.open()
    while (!waiting.isEmpty()) {
      await pause(lingerMs, stopping.signal)
      await writeSome(store, waiting, events)
    }
    working = undefined
  }

  function work(): void {
    if (!store.hasStopped()) working ??= writeWaiting()
  }

  return {
    name: 'local store',
    start: work,
    async stop(deadline) {
      if (store.hasStopped()) return
      stopping.abort()
      await Promise.race([working, untilAborted(deadline)])
      await Promise.race([store.stop(), untilAborted(deadline)])
    },
    keep(records) {
      waiting.add(records)
      work()
    },
    noteDelivery(record, delivery) {
      waiting.note({ key: timelineKey(record), delivery })
      work()
    },
    calls: storedCalls(store, 'records are delivered all the same'),
  }
}

async function writeSome(
  store: ReopeningStore,
  waiting: WaitingCopies,
  events: RecentCallsEvents,
): Promise<void> {
  const { records, deliveries } = waiting.take()
  const current = store.current()
  if (current === undefined) {
    events.copiesDropped(records.length, 'failed')
    return
  }
  try {
    if (records.length > 0) await current.save(records)
    if (deliveries.length > 0) await current.noteDeliveries(deliveries)
  } catch (cause) {
    events.copiesDropped(records.length, 'failed')
    store.failed(current, cause)
  }
}
