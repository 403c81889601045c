import type { Degradation } from '../../shared/degradation/degradations.ts'
import { reasonOf } from '../../shared/error-cause.ts'
import type { Logger } from '../../shared/logger.ts'
import { createThrottledLog } from '../../shared/throttled-log.ts'

/** How often the recorder died, or could not be started, and whether that is over. */
export type RecorderFailures = {
  /** @param effect what it means for calls */
  add(cause: unknown, effect: string): void
  /** The recorder runs. */
  clear(): void
  count(): number
  /** Undefined while the recorder runs. */
  degraded(): readonly Degradation[] | undefined
}

export function createRecorderFailures(log: Logger): RecorderFailures {
  const throttled = createThrottledLog(log)
  let count = 0
  let last: { readonly cause: unknown } | undefined
  return {
    add(cause, effect) {
      count += 1
      last = { cause }
      throttled.error(effect, { err: cause }, effect)
    },
    clear() {
      last = undefined
    },
    count: () => count,
    degraded: () => last && [notRecording(last.cause)],
  }
}

const notRecording = (cause: unknown): Degradation => ({
  part: 'recorder',
  effect: 'the recorder has not started; calls go on unrecorded, and it is tried again',
  reason: reasonOf(cause),
})
