import { collectDefaultMetrics, Registry } from 'prom-client'
import { type Config, loadConfig } from '../../shared/config/load.ts'
import { createDegradations, type Degradations } from '../../shared/degradation/degradations.ts'
import { createLogger, type Logger } from '../../shared/logger.ts'
import { type Clock, systemClock } from '../../shared/timing/clock.ts'
import type { Note } from '../../shared/timing/loop-watch.ts'

export type RunningProcess = { readonly config: Config; readonly log: Logger }

/** Shared by all parts of a process, or of its recording thread; created once and passed in. */
export type Runtime = RunningProcess & {
  readonly registry: Registry
  readonly clock: Clock
  readonly degradations: Degradations
}

/** A runtime whose event loop is watched. */
export type WatchedRuntime = Runtime & { readonly note: Note }

/** Of prom-client's default metrics: a tenth of all series of a sidecar, for what the heap as a whole tells as well. */
const leftOut = [
  'nodejs_heap_space_size_total_bytes',
  'nodejs_heap_space_size_used_bytes',
  'nodejs_heap_space_size_available_bytes',
  'nodejs_active_resources',
  'nodejs_active_handles',
  'nodejs_active_requests',
]

/** @throws InvalidSettings naming every invalid setting */
export function createRuntime(env: NodeJS.ProcessEnv, role: string): Runtime {
  const config = loadConfig(env)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of leftOut) registry.removeSingleMetric(name)
  const degradations = createDegradations(registry)
  return { config, log: createLogger(config.logLevel, role), registry, clock: systemClock, degradations }
}
