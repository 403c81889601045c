import { collectDefaultMetrics, Registry } from 'prom-client'
import { type Config, loadConfig } from '../../shared/config/load.ts'
import { createDegradations, type Degradations } from '../../shared/degradation/degradations.ts'
import { createLogger, type Logger } from '../../shared/logger.ts'
import { type Clock, systemClock } from '../../shared/timing/clock.ts'
import type { Note } from '../../shared/timing/loop-watch.ts'
import type { WorkerSurroundings } from '../../worker/assembly.ts'

export type RunningProcess = { readonly config: Config; readonly log: Logger }

/** Shared by all parts of a process, or of its recording thread; created once and passed in. */
export type Runtime = RunningProcess & {
  readonly registry: Registry
  readonly clock: Clock
  readonly degradations: Degradations
}

/** A runtime whose event loop is watched. */
export type WatchedRuntime = Runtime & { readonly note: Note } & Pick<WorkerSurroundings, 'noteDelivery'>

/** Default metrics of prom-client that the whole heap, the loop's p99 and `threadtap_loop_delay_seconds` cover. */
const leftOut = [
  'nodejs_heap_space_size_total_bytes',
  'nodejs_heap_space_size_used_bytes',
  'nodejs_heap_space_size_available_bytes',
  'nodejs_active_resources',
  'nodejs_active_handles',
  'nodejs_active_requests',
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_min_seconds',
  'nodejs_eventloop_lag_max_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_stddev_seconds',
  'nodejs_eventloop_lag_p50_seconds',
  'nodejs_eventloop_lag_p90_seconds',
]

/** Seconds. A series each for every kind of collection: few are enough to see what a call may have waited for. */
const gcDurationBuckets = [0.001, 0.01, 0.1]

/** @throws InvalidSettings naming every invalid setting */
export function createRuntime(env: NodeJS.ProcessEnv, role: string): Runtime {
  const config = loadConfig(env)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, gcDurationBuckets })
  for (const name of leftOut) registry.removeSingleMetric(name)
  const degradations = createDegradations(registry)
  return { config, log: createLogger(config.logLevel, role), registry, clock: systemClock, degradations }
}
