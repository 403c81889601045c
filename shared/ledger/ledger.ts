/** Why a record was given up without having reached a sink or the dead letters. A closed set: it is a label. */
export type DropReason =
  /** More records were waiting in memory than may; the newest was not taken. */
  | 'memory_full'
  /** The spool was at its limit; its oldest pack made room. */
  | 'spool_full'
  /** It was on disk, and cannot be read any more: files deleted or damaged. */
  | 'spool_lost'
  /** The record could not be written as JSON, or was over every limit. */
  | 'unwritable'
  /** Left out by LANGFUSE_SAMPLE_RATE. */
  | 'sampled_out'
  /** A call that is only relayed, which LANGFUSE_ENABLE_SPANS=false keeps out of Langfuse, and no other sink took it. */
  | 'spans_off'
  /** The caller's trace is not recorded (`traceparent`), which keeps it from OTLP_ENDPOINT, and no other sink took it. */
  | 'caller_unsampled'
  /** The folder of dead letters was at its limit, or not writable. */
  | 'dead_letters_full'

/** How many records ended in which way. */
export type Counts = {
  readonly delivered: number
  readonly deadLettered: number
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>
}

/**
 * Where every accepted record is, in numbers of records:
 * `accepted = spooled + queued + delivered + deadLettered + dropped`, at every moment.
 */
export type Ledger = Counts & {
  readonly accepted: number
  /** Waiting here: in memory for the next write, or on disk. */
  readonly spooled: number
  /** Handed to Redis, or in a worker's hands; always 0 where the worker reads the spool itself. */
  readonly queued: number
}

/** Reads the ledger as it stands now. */
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

/** @returns all records that the counts speak of */
export function totalOf(counts: Counts): number {
  const dropped = Object.values(counts.dropped).reduce((sum, count) => sum + count, 0)
  return counts.delivered + counts.deadLettered + dropped
}
