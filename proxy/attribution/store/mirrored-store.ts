import type { KnownContexts } from './known-contexts.ts'
import type { RegisteredContexts } from './store.ts'

/** A store whose changes are known at once where responses are written. */
export function mirrored(store: RegisteredContexts, known: KnownContexts): RegisteredContexts {
  return {
    async put(threadId, registration) {
      const registered = await store.put(threadId, registration)
      known.set(threadId, registered)
      return registered
    },
    get: store.get,
    async delete(threadId) {
      known.delete(threadId)
      return store.delete(threadId)
    },
  }
}
