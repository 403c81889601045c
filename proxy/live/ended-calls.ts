import type { LiveCall, LiveDelivery } from '../../shared/admin/live-calls.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { endedCallOf } from './live-call.ts'

/** Calls that ended while somebody looked, until it is known what became of their records. */
export type EndedCalls = {
  /** @param isShown whether viewers have it in flight: then it is never left out */
  add(record: InferenceRecord, isShown: boolean): void
  /** Changes nothing where the call is not known. */
  note(id: string, delivery: LiveDelivery): void
  /** @returns what has changed since the last time, and how many ended calls were left out */
  take(): { readonly changed: readonly LiveCall[]; readonly skipped: number }
  clear(): void
}

/** Between two looks: more than anybody reads, at a cost that no load can drive up. */
const maxAdded = 200
/** Whose delivery is waited for. */
const maxKept = 1_000

export function createEndedCalls(): EndedCalls {
  const kept = new Map<string, LiveCall>()
  const changed = new Set<string>()
  let added = 0
  let skipped = 0

  return {
    add(record, isShown) {
      if (added >= maxAdded && !isShown) {
        skipped += 1
        return
      }
      added += 1
      kept.set(record.id, endedCallOf(record))
      changed.add(record.id)
      const [oldest] = kept.keys()
      if (kept.size > maxKept && oldest !== undefined) {
        kept.delete(oldest)
        changed.delete(oldest)
      }
    },
    note(id, delivery) {
      const call = kept.get(id)
      // A worker may be faster than the answer of Redis that it has the pack.
      if (call === undefined || isSettled(call.delivery)) return
      kept.set(id, { ...call, delivery })
      changed.add(id)
    },
    take() {
      const calls = [...changed].map((id) => kept.get(id)).filter((call) => call !== undefined)
      for (const { id, delivery } of calls) if (isSettled(delivery)) kept.delete(id)
      const taken = { changed: calls, skipped }
      changed.clear()
      added = 0
      skipped = 0
      return taken
    },
    clear() {
      kept.clear()
      changed.clear()
      added = 0
      skipped = 0
    },
  }
}

const isSettled = (delivery: LiveDelivery): boolean =>
  delivery === 'delivered' || delivery === 'dead_lettered' || delivery === 'dropped'
