import type { PresetContext } from '../../../shared/config/preset-context.ts'

/** What is known of a thread, and for how long. */
export type Registration = {
  readonly context: PresetContext
  readonly ttlMs: number
  /** True where every use gives it its whole life again. */
  readonly refreshOnUse: boolean
}

export type Registered = Registration & {
  /** Wall clock, ms since 1970. */
  readonly expiresAt: number
}

/** Nothing is registered for a longer one, so that none is looked up. */
export const threadIdMaxLength = 1_000

/** Contexts by thread id. What Redis does not answer within a second rejects. */
export type ContextStore = {
  put(threadId: string, registration: Registration): Promise<Registered>
  /** Reads without counting as a use. */
  get(threadId: string): Promise<Registered | undefined>
  /** @returns whether there was one */
  delete(threadId: string): Promise<boolean>
  /** For a call: what is in memory is there at once, because the answer's head is to name it. */
  use(threadId: string): Registered | undefined | Promise<Registered | undefined>
}
