import { createDiskState } from '../../shared/disk/disk-state.ts'
import type { Backoff } from '../../shared/timing/backoff.ts'
import type { LocalStore } from './store.ts'

export type ReopeningStoreOptions = {
  readonly open: () => Promise<LocalStore>
  readonly events: {
    /** Called for each failure, those of retries included. */
    localStoreFailed(cause: unknown): void
    localStoreRecovered(): void
  }
  /** How long a store that failed is left alone. */
  readonly backoff?: Backoff
}

/** A store that is opened when it is needed; one that fails is opened again and again until it works. */
export type ReopeningStore = {
  /** Opens it where it was never tried. Never rejects. */
  open(): Promise<void>
  /** @returns undefined while it cannot be used */
  current(): LocalStore | undefined
  /** Why it cannot be used; undefined where it was not tried, works, or has stopped. */
  cause(): unknown
  /** Gives up a store that cannot be used any more. */
  failed(store: LocalStore, cause: unknown): void
  hasStopped(): boolean
  /** Closes it for good. */
  stop(): Promise<void>
}

type State =
  | { readonly kind: 'closed' | 'stopped' }
  | { readonly kind: 'open'; readonly store: LocalStore }
  | { readonly kind: 'failed'; readonly cause: unknown }

export function createReopeningStore(options: ReopeningStoreOptions): ReopeningStore {
  const { events, backoff = { baseMs: 1_000, maxMs: 60_000 } } = options
  let state: State = { kind: 'closed' }
  let opening: Promise<unknown> | undefined
  let closing: Promise<void> | undefined
  const disk = createDiskState<'open' | 'write'>({
    retry: tryOpen,
    onFailed: (_operation, cause) => enterFailed(cause),
    onRecovered: events.localStoreRecovered,
    backoff,
  })

  const current = (): LocalStore | undefined => (state.kind === 'open' ? state.store : undefined)
  const hasStopped = (): boolean => state.kind === 'stopped'

  function enterFailed(cause: unknown): void {
    if (hasStopped()) return
    state = { kind: 'failed', cause }
    events.localStoreFailed(cause)
  }

  async function tryOpen(): Promise<boolean> {
    if (hasStopped()) return true
    return disk.attempt('open', async () => {
      // LevelDB admits one at a time.
      await closing
      const store = await options.open()
      if (hasStopped()) return await store.close()
      state = { kind: 'open', store }
      disk.opened()
    })
  }

  return {
    current,
    hasStopped,
    cause: () => (state.kind === 'failed' ? state.cause : undefined),
    async open() {
      if (state.kind === 'closed') opening ??= tryOpen()
      await opening
    },
    failed(store, cause) {
      if (store !== current()) return
      closing = store.close().catch(() => undefined)
      disk.failed('write', cause)
    },
    async stop() {
      const store = current()
      state = { kind: 'stopped' }
      await disk.endRetries()
      await closing
      await store?.close()
    },
  }
}
