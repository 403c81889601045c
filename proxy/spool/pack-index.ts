import { createFifo } from './fifo.ts'
import { packKey, type SpoolEntry } from './pack-keys.ts'

/** Which packs there are and who has them; the packs themselves are elsewhere. */
export type SpoolIndex = {
  /** Of all packs: being written, waiting and out. */
  readonly records: number
  readonly bytes: number
  readonly waiting: number
  /** Counts a pack that is being written; nobody can take it yet. */
  expect(entry: SpoolEntry): void
  /** A pack that is written, or was given back: it waits at the end of the line. */
  add(entry: SpoolEntry): void
  /** Takes the pack that waits longest; it is out from now on. */
  take(): SpoolEntry | undefined
  /** Forgets a pack that is out. */
  remove(entry: SpoolEntry): void
  keys(): ReadonlySet<string>
}

export function createSpoolIndex(): SpoolIndex {
  const waiting = createFifo<SpoolEntry>()
  const elsewhere = new Set<SpoolEntry>()
  let records = 0
  let bytes = 0

  function expect(entry: SpoolEntry): void {
    elsewhere.add(entry)
    records += entry.records
    bytes += entry.bytes
  }

  function add(entry: SpoolEntry): void {
    elsewhere.delete(entry)
    waiting.push(entry)
  }

  function take(): SpoolEntry | undefined {
    const entry = waiting.shift()
    if (entry !== undefined) elsewhere.add(entry)
    return entry
  }

  function remove(entry: SpoolEntry): void {
    if (!elsewhere.delete(entry)) return
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
    expect,
    add,
    take,
    remove,
    keys: () => new Set([...waiting.values(), ...elsewhere].map(packKey)),
  }
}
