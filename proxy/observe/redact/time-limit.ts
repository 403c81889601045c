import { createContext, Script } from 'node:vm'
import type { Clock } from '../../../shared/timing/clock.ts'

export type TimeLimitOptions = {
  readonly clock: Pick<Clock, 'monotonic'>
  /** Called for what is done without, having taken too long or come soon after what did. */
  readonly onExceeded: () => void
  readonly maxMs?: number
  /** How long nothing is tried after that, so that this thread has time for everything else. */
  readonly pauseMs?: number
}

/** Runs work that may never end; `instead` where it takes too long. Nested work shares the time of the outer one. */
export type InTime = <T>(work: () => T, instead: () => T) => T

/**
 * A time limit for synchronous work. V8 ends a script of node:vm at its time-out, within a regular expression too; nothing
 * else stops one.
 */
export function createTimeLimit({
  clock,
  onExceeded,
  maxMs = 500,
  pauseMs = 10_000,
}: TimeLimitOptions): InTime {
  const sandbox: { work?: () => unknown } = createContext({})
  const script = new Script('work()')
  let running = false
  let pausedUntil = Number.NEGATIVE_INFINITY

  function run<T>(work: () => T): T {
    running = true
    sandbox.work = work
    try {
      return script.runInContext(sandbox, { timeout: maxMs }) as T
    } finally {
      running = false
    }
  }

  return (work, instead) => {
    if (running) return work()
    if (clock.monotonic() >= pausedUntil) {
      try {
        return run(work)
      } catch (cause) {
        if (!isTimeout(cause)) throw cause
        pausedUntil = clock.monotonic() + pauseMs
      }
    }
    onExceeded()
    return instead()
  }
}

/** An error of the script's own realm: no instance of our Error. */
const isTimeout = (cause: unknown): boolean =>
  typeof cause === 'object' &&
  cause !== null &&
  'code' in cause &&
  cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
