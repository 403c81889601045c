import { leastRecentlyUsed } from '../../shared/least-recently-used.ts'
import { deliveryId } from '../../shared/record/delivery-id.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { NotedDelivery } from './store.ts'

/** Records on their way to the local store, and what became of them. Bounded: what does not fit is left out. */
export type WaitingCopies = {
  /** Passes over records that were added before, unless their usage has been estimated since, or the result is known. */
  add(records: readonly InferenceRecord[]): void
  note(delivery: NotedDelivery): void
  isEmpty(): boolean
  /** @returns the oldest, at most as many as make one write */
  take(): { readonly records: readonly InferenceRecord[]; readonly deliveries: readonly NotedDelivery[] }
}

export type CopyLimits = { readonly records: number; readonly bytes: number; readonly deliveries: number }

const defaultLimits: CopyLimits = { records: 2_000, bytes: 32 * 1024 * 1024, deliveries: 10_000 }

/** Records of one write, and their bytes, of which LevelDB makes copies outside the heap. */
const maxTaken = { records: 100, bytes: 4_194_304 }

/** Records that are known to have been added; a record comes by at capture and again from the carrier. */
const maxRemembered = 10_000

/** @param onDropped called with the number of records that were left out */
export function createWaitingCopies(
  onDropped: (records: number) => void,
  limits: CopyLimits = defaultLimits,
): WaitingCopies {
  const added = leastRecentlyUsed<InferenceRecord['usage']['provenance']>(maxRemembered)
  let records: InferenceRecord[] = []
  let deliveries: NotedDelivery[] = []
  let bytes = 0

  function addOne(record: InferenceRecord): void {
    const id = deliveryId(record)
    const known = added.get(id)
    const { provenance } = record.usage
    if (known === provenance || (known !== undefined && provenance !== 'estimated')) return
    added.set(id, provenance)
    const size = roughBytes(record)
    if (records.length >= limits.records || bytes + size > limits.bytes) {
      onDropped(1)
      return
    }
    records.push(record)
    bytes += size
  }

  return {
    add: (more) => more.forEach(addOne),
    note(delivery) {
      // Without it the call is shown as waiting.
      if (deliveries.length < limits.deliveries) deliveries.push(delivery)
    },
    isEmpty: () => records.length === 0 && deliveries.length === 0,
    take() {
      const count = countTaken(records)
      const taken = records.slice(0, count)
      records = records.slice(count)
      for (const record of taken) bytes -= roughBytes(record)
      if (records.length > 0) return { records: taken, deliveries: [] }
      // Only now is every record that they are about written.
      const noted = deliveries
      deliveries = []
      return { records: taken, deliveries: noted }
    },
  }
}

/** @returns how many make one write: at least one */
function countTaken(records: readonly InferenceRecord[]): number {
  let bytes = 0
  const fitting = records.slice(0, maxTaken.records).findIndex((record) => {
    bytes += roughBytes(record)
    return bytes > maxTaken.bytes
  })
  return fitting === -1 ? maxTaken.records : Math.max(fitting, 1)
}

/** What its bodies had; a limit on capture makes a record smaller, never larger. */
const roughBytes = ({ request, response }: InferenceRecord): number =>
  1_000 + request.bodyBytes + response.bodyBytes
