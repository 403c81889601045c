/** Why a record reached neither a sink nor the dead letters. A closed set: it is a label. */
export const dropReasons = [
  /** The records waiting in memory were at their limit; the newest was dropped. */
  'memory_full',
  /** The spool was at its limit; its oldest pack was dropped. */
  'spool_full',
  /** It was on disk and can no longer be read: files were deleted or damaged. */
  'spool_lost',
  /** Nothing of its call found room on the way to the recorder. */
  'recorder_full',
  /** The recorder died with it, before it was on disk. */
  'recorder_died',
  /** Its call was in the crash journal of a process that was killed, and could not be read from there. */
  'not_recovered',
  /** The record could not be serialised as JSON, or exceeds every limit. */
  'unwritable',
  /** Redis lost it while its copy in the spool had been given up for newer records. */
  'redis_lost',
  /** Excluded by LANGFUSE_SAMPLE_RATE. */
  'sampled_out',
  /** A call that is only relayed, excluded from Langfuse by LANGFUSE_ENABLE_SPANS=false, and no other sink took it. */
  'spans_off',
  /** The client's trace is not sampled (`traceparent`), which excludes it from OTLP_ENDPOINT, and no other sink took it. */
  'caller_unsampled',
  /** The dead letters' folder was at its limit, or not writable. */
  'dead_letters_full',
] as const

export type DropReason = (typeof dropReasons)[number]

/** Number of records by outcome. */
export type Counts = {
  readonly delivered: number
  readonly deadLettered: number
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>
}

/**
 * Where all accepted records are, as numbers of records:
 * `accepted = spooled + queued + delivered + deadLettered + dropped`, at every moment.
 */
export type Ledger = Counts & {
  readonly accepted: number
  /** Waiting here: in memory for the next write, or on disk. */
  readonly spooled: number
  /** Handed to Redis, or being consumed by a worker; always 0 where the worker reads the spool itself. */
  readonly queued: number
}

/** Reads the current ledger. */
export type ReadLedger = () => Promise<Ledger>

export const noCounts: Counts = { delivered: 0, deadLettered: 0, dropped: {} }

/** @returns the sum of two counts */
export function addCounts(a: Counts, b: Counts): Counts {
  const dropped: Partial<Record<DropReason, number>> = { ...a.dropped }
  for (const [reason, count] of Object.entries(b.dropped) as [DropReason, number][]) {
    dropped[reason] = (dropped[reason] ?? 0) + count
  }
  return { delivered: a.delivered + b.delivered, deadLettered: a.deadLettered + b.deadLettered, dropped }
}

/** @returns at most `records` of what is counted */
export function clipCounts(counts: Counts, records: number): Counts {
  if (totalOf(counts) <= records) return counts
  let left = Math.max(0, records)
  const take = (count: number): number => {
    const taken = Math.min(count, left)
    left -= taken
    return taken
  }
  const delivered = take(counts.delivered)
  const deadLettered = take(counts.deadLettered)
  const dropped = Object.fromEntries(
    Object.entries(counts.dropped).map(([reason, count]) => [reason, take(count)]),
  )
  return { delivered, deadLettered, dropped }
}

/** @returns the number of records that the counts include */
export function totalOf(counts: Counts): number {
  const dropped = Object.values(counts.dropped).reduce((sum, count) => sum + count, 0)
  return counts.delivered + counts.deadLettered + dropped
}
