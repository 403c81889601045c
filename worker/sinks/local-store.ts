import type { LocalStore } from '../local-store/store.ts'
import { delivered, failed, forAll, type Send } from './sink.ts'

/** Delivers a whole batch to the local store; a write that fails is retryable. */
export function localStoreSink(store: Pick<LocalStore, 'save'>): Send {
  return async (batch) => {
    try {
      await store.save(batch)
      return forAll(batch, delivered)
    } catch (cause) {
      const reason = `the local store cannot be written: ${cause instanceof Error ? cause.message : cause}`
      return forAll(batch, failed({ kind: 'retryable', reason }))
    }
  }
}
