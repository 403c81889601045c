import { createDiskState } from '../../shared/disk/disk-state.ts'
import { watchPlace } from '../../shared/disk/watch-place.ts'
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
  /** How often to look whether its folder is still in its place. */
  readonly lookEveryMs?: number
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
  const { events, backoff = { baseMs: 1_000, maxMs: 60_000 }, lookEveryMs = 2_000 } = options
  const stopping = new AbortController()
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

  function failed(store: LocalStore, cause: unknown): void {
    if (store !== current()) return
    closing = store.close().catch(() => undefined)
    disk.failed('write', cause)
  }

  function openAndWatch(): Promise<unknown> {
    void watchPlace({
      isInPlace: async () => (await current()?.isInPlace()) ?? true,
      onGone() {
        const store = current()
        if (store !== undefined)
          failed(store, new Error('The folder of the local store was deleted or replaced.'))
      },
      everyMs: lookEveryMs,
      signal: stopping.signal,
    })
    return tryOpen()
  }

  return {
    current,
    hasStopped,
    cause: () => (state.kind === 'failed' ? state.cause : undefined),
    async open() {
      if (state.kind === 'closed') opening ??= openAndWatch()
      await opening
    },
    failed,
    async stop() {
      const store = current()
      state = { kind: 'stopped' }
      stopping.abort()
      await disk.endRetries()
      await closing
      await store?.close()
    },
  }
}
