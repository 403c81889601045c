import { setTimeout as delay } from 'node:timers/promises'

/**
 * Waits; ends early, without an error, when the signal aborts. Does not keep the process alive.
 * @param ms milliseconds
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
