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

/** @throws InvalidSettings naming every invalid setting */
export function createRuntime(env: NodeJS.ProcessEnv, role: string): Runtime {
  const config = loadConfig(env)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const degradations = createDegradations(registry)
  return { config, log: createLogger(config.logLevel, role), registry, clock: systemClock, degradations }
}
