import type { InferenceRecord } from '../../shared/record/record.ts'

/**
 * A sink is one function: it tries once to deliver a batch and answers for each record, in order. It
 * rejects only when its signal is aborted; what goes wrong stands in the verdicts.
 */
export type Send = (batch: readonly InferenceRecord[], signal: AbortSignal) => Promise<readonly Delivery[]>

export type Delivery = { readonly ok: true } | { readonly ok: false; readonly fault: DeliveryFault }

/** Classified once, in the transport that saw the answer. */
export type DeliveryFault =
  /** 429, 5xx, time-outs, broken connections: the same again, later. */
  | { readonly kind: 'retryable'; readonly reason: string; readonly retryAfterMs?: number }
  /** Wrong keys, suspended project, wrong server: a person must act, and no record is to blame. */
  | { readonly kind: 'held'; readonly reason: string }
  /** The request as a whole was too large or refused: smaller ones may pass. */
  | { readonly kind: 'oversized' | 'refused'; readonly reason: string }
  /** This very record was refused, and would be again. */
  | { readonly kind: 'permanent'; readonly reason: string }

export const delivered: Delivery = { ok: true }

/** @returns the same verdict for each record of a batch */
export function forAll(batch: readonly InferenceRecord[], verdict: Delivery): readonly Delivery[] {
  return batch.map(() => verdict)
}
