import type { loopMetrics, WatchedThread } from '../../shared/metrics/catalogue.ts'
import type { Metrics } from '../../shared/metrics/metrics.ts'
import { createThrottledLog } from '../../shared/throttled-log.ts'
import { createLoopWatch, type LoopWatch } from '../../shared/timing/loop-watch.ts'
import type { Runtime } from './runtime.ts'

/**
 * Watches the event loop of this thread: each delay goes into the metric, a block of over 50 ms into the log,
 * once in a while: on a machine that others keep busy there are many.
 */
export function watchLoop(
  thread: WatchedThread,
  { loopDelay }: Metrics<typeof loopMetrics>,
  { clock, log }: Pick<Runtime, 'clock' | 'log'>,
): LoopWatch {
  const labels = { thread }
  const throttled = createThrottledLog(log)
  return createLoopWatch({
    clock,
    onDelay: (ms) => loopDelay.observe(labels, ms / 1_000),
    onBlock: (ms, activity) =>
      throttled.warn(
        'loop blocked',
        { thread, ms: Math.round(ms), activity },
        'the event loop of a thread was blocked',
      ),
  })
}
