import { manyListenerAbort, untilAborted } from '../../shared/timing/abort.ts'
import { createFifo } from './fifo.ts'
import { packKey, type SpoolEntry } from './pack-keys.ts'

/**
 * Which packs the spool has: waiting for a consumer, or held (being written, or taken by a consumer). Their
 * texts are in the store.
 */
export type PackIndex = {
  /** Of all packs, waiting or held. */
  readonly records: number
  readonly bytes: number
  readonly waiting: number
  /** Counts a new pack as held: nobody can take it before it is offered. */
  add(entry: SpoolEntry): void
  /** Puts a held pack at the end of the line. */
  offer(entry: SpoolEntry): void
  /** Holds the pack that has waited longest. */
  take(): SpoolEntry | undefined
  /** Removes a pack that is held. */
  remove(entry: SpoolEntry): void
  keys(): ReadonlySet<string>
  /** Resolves when the next pack is offered, or when the signal aborts. */
  nextOffer(signal: AbortSignal): Promise<void>
}

export function createPackIndex(): PackIndex {
  const waiting = createFifo<SpoolEntry>()
  const held = new Set<SpoolEntry>()
  let records = 0
  let bytes = 0
  let offered = manyListenerAbort()

  function add(entry: SpoolEntry): void {
    held.add(entry)
    records += entry.records
    bytes += entry.bytes
  }

  function offer(entry: SpoolEntry): void {
    held.delete(entry)
    waiting.push(entry)
    offered.abort()
    offered = manyListenerAbort()
  }

  function take(): SpoolEntry | undefined {
    const entry = waiting.shift()
    if (entry !== undefined) held.add(entry)
    return entry
  }

  function remove(entry: SpoolEntry): void {
    if (!held.delete(entry)) return
    records -= entry.records
    bytes -= entry.bytes
  }

  return {
    get records() {
      return records
    },
    get bytes() {
      return bytes
    },
    get waiting() {
      return waiting.size
    },
    add,
    offer,
    take,
    remove,
    keys: () => new Set([...waiting.values(), ...held].map(packKey)),
    nextOffer: (signal) => untilAborted(offered.signal, signal),
  }
}
