import type { Kept } from './kept.ts'

/**
 * What happened on the relay's loop, in plain numbers. The recorder turns them into metrics when it is scraped, so that
 * rendering them stands in no client's way.
 */
export type RelayCounts = EventCounts & {
  /** Calls without a record, because nothing of them found room on the tape. */
  readonly lostCalls: number
  /** Of request bodies, by all calls together. */
  readonly heldBytes: number
  /** Share of the tape that is not read yet: 0 to 1. */
  readonly tapeUsed: number
  /** What is kept of calls for now, and why it is not everything: in words, where it is not. */
  readonly kept: Kept
  readonly keptReason?: string
}

export type EventCounts = {
  readonly callsInFlight: number
  /** By reason: a failure's code, or what ended a request without a response (ingress/refusal-reasons.ts). */
  readonly refused: Readonly<Record<string, number>>
  readonly usageFrames: { readonly cut: number; readonly none_came: number }
  readonly usageTries: number
  /** By upstream. */
  readonly usageRefusals: Readonly<Record<string, number>>
  /** Seconds that requests were held. */
  readonly overhead: HistogramCounts
  /** Seconds by which the loop's timers were late. */
  readonly loopDelay: HistogramCounts
}

/** Counts by bucket, the last one beyond all bounds. */
export type HistogramCounts = { readonly counts: readonly number[]; readonly sum: number }
