import type { DropReason } from '../../shared/ledger/ledger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'

/**
 * A sink is one function: it tries once to deliver a batch and answers for each record, in order. It
 * rejects only when its signal is aborted; what goes wrong stands in the verdicts.
 */
export type Send = (batch: readonly InferenceRecord[], signal: AbortSignal) => Promise<readonly Delivery[]>

/** A destination under the name that metrics, log lines and dead letters give it. */
export type Sink = { readonly name: string; readonly send: Send }

export type Delivery = { readonly ok: true } | { readonly ok: false; readonly fault: DeliveryFault }

/**
 * Classified once, in the transport that saw the answer. `sink` is filled in where several sinks meet (see
 * every.ts), so that whoever reads the fault knows whom to ask.
 */
export type DeliveryFault =
  /** 429, 5xx, time-outs, broken connections: the same again, later. */
  | {
      readonly kind: 'retryable'
      readonly reason: string
      readonly retryAfterMs?: number
      readonly sink?: string
    }
  /**
   * Wrong keys, suspended project, wrong server: a person must act, and no record is to blame.
   * `wrongProtocol` where the server is there but does not speak what was sent.
   */
  | {
      readonly kind: 'held'
      readonly reason: string
      readonly wrongProtocol?: boolean
      readonly sink?: string
    }
  /** The request as a whole was too large or refused: smaller ones may pass. */
  | { readonly kind: 'oversized' | 'refused'; readonly reason: string; readonly sink?: string }
  /** This very record was refused, and would be again. */
  | { readonly kind: 'permanent'; readonly reason: string; readonly sink?: string }
  /** This sink is set up not to take such records. */
  | { readonly kind: 'unwanted'; readonly reason: DropReason; readonly sink?: string }

export const delivered: Delivery = { ok: true }

/** @returns the verdict that something went wrong in this way */
export const failed = (fault: DeliveryFault): Delivery => ({ ok: false, fault })

/** @returns the same verdict for each of a batch */
export function forAll(batch: readonly unknown[], verdict: Delivery): readonly Delivery[] {
  return batch.map(() => verdict)
}
