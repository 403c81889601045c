import { type CallStore, CallsUnavailable } from '../../shared/admin/call-store.ts'
import { reasonOf } from '../../shared/error-cause.ts'
import { withDeadline } from '../../shared/timing/deadline.ts'
import type { ReopeningStore } from './reopening-store.ts'
import type { LocalStore } from './store.ts'

/** A disk that takes longer is no help to who is waiting for an answer. */
const answerMs = 5_000

/**
 * The calls of a store, as long as it can be used; otherwise each query rejects with CallsUnavailable.
 * @param meanwhile what becomes of records while it cannot be used, for people
 */
export function storedCalls(store: ReopeningStore, meanwhile: string): CallStore {
  async function usable(): Promise<LocalStore> {
    await withDeadline(answerMs, store.open).catch((cause) => {
      throw new CallsUnavailable(`the local store does not answer; ${meanwhile}`, { cause })
    })
    const current = store.current()
    if (current !== undefined) return current
    const cause = store.cause()
    const reason = cause === undefined ? 'it is closed' : reasonOf(cause)
    throw new CallsUnavailable(`the local store cannot be used (${reason}); ${meanwhile}`)
  }

  return {
    threads: async (query) => (await usable()).threads(query),
    calls: async (query) => (await usable()).calls(query),
    call: async (id) => (await usable()).call(id),
    runs: async (query) => (await usable()).runs(query),
    run: async (id) => (await usable()).run(id),
    searchCalls: async (search) => (await usable()).searchCalls(search),
    searchThreads: async (search) => (await usable()).searchThreads(search),
    searchRuns: async (search) => (await usable()).searchRuns(search),
  }
}
