import type { PresetContext } from '../../../shared/config/preset-context.ts'

/** The context of a thread, and its lifetime. */
export type Registration = {
  readonly context: PresetContext
  readonly ttlMs: number
  /** True when every use restarts the lifetime. */
  readonly refreshOnUse: boolean
}

export type Registered = Registration & {
  /** Wall clock, ms since 1970. */
  readonly expiresAt: number
}

/** Longer ids cannot be registered, and are not looked up. */
export const threadIdMaxLength = 1_000

/** Contexts are kept in the recording thread, which is not there for now. */
export class RecorderNotRunning extends Error {
  override readonly name = 'RecorderNotRunning'

  constructor() {
    super('the recorder is not running')
  }
}

/** What the routes of `/_threadtap/contexts` need of a store. */
export type RegisteredContexts = Pick<ContextStore, 'put' | 'get' | 'delete'>

/** Contexts by thread id. Rejects when Redis does not respond in time. */
export type ContextStore = {
  put(threadId: string, registration: Registration): Promise<Registered>
  /** Does not count as a use. */
  get(threadId: string): Promise<Registered | undefined>
  /** @returns whether it existed */
  delete(threadId: string): Promise<boolean>
  /** For a call. Without a promise where it is in memory, so that the response head can carry its ids. */
  use(threadId: string): Registered | undefined | Promise<Registered | undefined>
}
