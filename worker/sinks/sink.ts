import type { DropReason } from '../../shared/ledger/ledger.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'

/**
 * A sink is one function: one attempt to deliver a batch, with a verdict for each record, in order. It
 * rejects only when its signal is aborted; failures are verdicts.
 */
export type Send = (batch: readonly InferenceRecord[], signal: AbortSignal) => Promise<readonly Verdict[]>

/**
 * What a sink does for a batch before its records are sent, outside the time that sending may take. It never rejects, and is
 * called again where the batch is sent again.
 * @returns the records as they are to be sent, in the same order
 */
export type Prepare = (
  batch: readonly InferenceRecord[],
  signal: AbortSignal,
) => Promise<readonly InferenceRecord[]>

/** A destination, and its name in metrics, log lines and dead letters. */
export type Sink = {
  readonly name: string
  readonly send: Send
  readonly prepare?: Prepare
  /** What runs beside the delivery. */
  readonly part?: Part
}

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly fault: DeliveryFault }

/** Classified once, in the transport that saw the response. `sink` is set where several sinks meet (fan-out.ts). */
export type DeliveryFault =
  /** 429, 5xx, time-outs, broken connections: the same request may succeed later. */
  | {
      readonly kind: 'retryable'
      readonly reason: string
      /** The sink may have taken the record all the same, and only its answer was late. */
      readonly timedOut?: boolean
      readonly retryAfterMs?: number
      readonly sink?: string
    }
  /**
   * Wrong keys, suspended project, wrong server: an operator must act, and no record is to blame.
   * `wrongProtocol` where the server is up but does not recognise the request.
   */
  | {
      readonly kind: 'held'
      readonly reason: string
      readonly wrongProtocol?: boolean
      readonly sink?: string
    }
  /** The whole request was too large or refused: smaller ones may pass. */
  | { readonly kind: 'oversized' | 'refused'; readonly reason: string; readonly sink?: string }
  /** This record was refused, and would be refused again. */
  | { readonly kind: 'permanent'; readonly reason: string; readonly sink?: string }
  /** Filtered out by the settings of this sink. */
  | { readonly kind: 'unwanted'; readonly reason: DropReason; readonly sink?: string }

export const delivered: Verdict = { ok: true }

export const failed = (fault: DeliveryFault): Verdict => ({ ok: false, fault })

/** @returns the same verdict for each record of a batch */
export function forAll(batch: readonly unknown[], verdict: Verdict): readonly Verdict[] {
  return batch.map(() => verdict)
}
