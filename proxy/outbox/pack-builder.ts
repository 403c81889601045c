export type PackLimits = {
  readonly packRecords: number
  readonly packBytes: number
  /** How long the first record of a pack waits for others. */
  readonly lingerMs: number
}

/** Collects records until the pack is closed by number, bytes or time, whichever comes first. */
export type PackBuilder<Record> = {
  /** A record that is larger than a pack becomes a pack of its own. */
  add(record: Record, bytes: number): void
  /** Closes the pack now. An empty one is not passed on. */
  closePack(): void
  /** Records in the pack that is not closed yet. */
  records(): number
}

export function createPackBuilder<Record>(
  { packRecords, packBytes, lingerMs }: PackLimits,
  onPack: (records: readonly Record[], bytes: number) => void,
): PackBuilder<Record> {
  let records: Record[] = []
  let totalBytes = 0
  let linger: NodeJS.Timeout | undefined

  function add(record: Record, bytes: number): void {
    if (totalBytes + bytes > packBytes) closePack()
    records.push(record)
    totalBytes += bytes
    if (records.length >= packRecords || totalBytes >= packBytes) closePack()
    else linger ??= setTimeout(closePack, lingerMs).unref()
  }

  function closePack(): void {
    clearTimeout(linger)
    linger = undefined
    if (records.length === 0) return
    const closed = records
    const closedBytes = totalBytes
    records = []
    totalBytes = 0
    onPack(closed, closedBytes)
  }

  return { add, closePack, records: () => records.length }
}
