import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { LocalStore } from './store.ts'

export type ReopeningStoreOptions = {
  readonly open: () => Promise<LocalStore>
  readonly events: { localStoreFailed(cause: unknown): void; localStoreRecovered(): void }
  readonly clock: Pick<Clock, 'monotonic'>
  /** How long a store that failed is left alone. */
  readonly backoff?: Backoff
}

/** A store that is opened when it is needed, and again some time after it has failed. */
export type ReopeningStore = {
  /** Opens it where that is due. Never rejects. */
  open(): Promise<void>
  /** @returns undefined while it cannot be used */
  current(): LocalStore | undefined
  /** Why it cannot be used; undefined where it was not tried, or has stopped. */
  cause(): unknown
  /** Gives up the store that is open; it is opened again later. */
  failed(cause: unknown): Promise<void>
  hasStopped(): boolean
  /** Closes it for good. */
  stop(): Promise<void>
}

type State =
  | { readonly kind: 'closed' | 'stopped' }
  | { readonly kind: 'open'; readonly store: LocalStore }
  | {
      readonly kind: 'failed'
      readonly failures: number
      readonly retryAtMs: number
      readonly cause: unknown
    }

export function createReopeningStore(options: ReopeningStoreOptions): ReopeningStore {
  const { events, clock, backoff = { baseMs: 1_000, maxMs: 60_000 } } = options
  let state: State = { kind: 'closed' }
  let opening: Promise<void> | undefined

  const current = (): LocalStore | undefined => (state.kind === 'open' ? state.store : undefined)
  const hasStopped = (): boolean => state.kind === 'stopped'

  function enterFailed(cause: unknown): void {
    const failures = state.kind === 'failed' ? state.failures + 1 : 0
    if (failures === 0) events.localStoreFailed(cause)
    state = { kind: 'failed', failures, retryAtMs: clock.monotonic() + backoffMs(failures, backoff), cause }
  }

  async function openOnce(): Promise<void> {
    try {
      const store = await options.open()
      if (hasStopped()) return await store.close()
      if (state.kind === 'failed') events.localStoreRecovered()
      state = { kind: 'open', store }
    } catch (cause) {
      if (!hasStopped()) enterFailed(cause)
    }
  }

  return {
    current,
    hasStopped,
    cause: () => (state.kind === 'failed' ? state.cause : undefined),
    async open() {
      const isDue =
        state.kind === 'closed' || (state.kind === 'failed' && clock.monotonic() >= state.retryAtMs)
      if (!isDue) return
      opening ??= openOnce().finally(() => {
        opening = undefined
      })
      await opening
    },
    async failed(cause) {
      const store = current()
      enterFailed(cause)
      await store?.close().catch(() => undefined)
    },
    async stop() {
      const store = current()
      state = { kind: 'stopped' }
      await store?.close()
    },
  }
}
