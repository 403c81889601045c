import { collectDefaultMetrics, Registry } from 'prom-client'
import { type Config, loadConfig } from '../shared/config/load.ts'
import { createLifecycle, type Part } from '../shared/lifecycle.ts'
import { createLogger, type Logger } from '../shared/logger.ts'
import { type Clock, systemClock } from '../shared/timing/clock.ts'
import { listenForShutdown } from './signals.ts'

export type RunningProcess = { readonly config: Config; readonly log: Logger }

/** Shared by all parts of a process, or of its recording thread; created once and passed in. */
export type Runtime = RunningProcess & {
  readonly registry: Registry
  readonly clock: Clock
}

/** @throws InvalidSettings naming every invalid setting */
export function createRuntime(env: NodeJS.ProcessEnv, role: string): Runtime {
  const config = loadConfig(env)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return { config, log: createLogger(config.logLevel, role), registry, clock: systemClock }
}

/**
 * Starts the parts, prints the banner, and stops them on SIGINT or SIGTERM.
 * @param bannerText called once everything runs
 * @returns when everything has stopped
 */
export async function runUntilStopped(
  { config, log }: RunningProcess,
  parts: readonly Part[],
  bannerText: () => string,
): Promise<void> {
  const shutdown = listenForShutdown()
  const lifecycle = createLifecycle(parts, (part, cause) =>
    log.error({ part, err: cause }, 'a part failed to stop'),
  )
  try {
    await lifecycle.start()
    process.stdout.write(bannerText())
    const signal = await shutdown.requested
    log.info({ signal }, 'stopping')
    const overdue = await lifecycle.stop(config.shutdownTimeoutMs, shutdown.forceStop)
    // A part that hangs may keep the process alive; on an error main exits.
    if (overdue.length > 0) throw new Error(`threadtap stopped without waiting for ${overdue.join(', ')}`)
    log.info('stopped')
  } finally {
    shutdown.dispose()
  }
}
