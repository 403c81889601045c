import { collectDefaultMetrics, Registry } from 'prom-client'
import { type Config, loadConfig } from '../shared/config/load.ts'
import { createLifecycle, type Part } from '../shared/lifecycle.ts'
import { createLogger, type Logger } from '../shared/logger.ts'
import { type Clock, systemClock } from '../shared/timing/clock.ts'
import { listenForStop } from './signals.ts'

/** What every part of a process shares, made once and handed on. */
export type Runtime = {
  readonly config: Config
  readonly log: Logger
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
 * Starts the parts, says so, and stops them when asked to.
 * @param whenRunning told once everything runs; returns what to print
 * @returns when everything has stopped
 */
export async function runUntilStopped(
  { config, log }: Runtime,
  parts: readonly Part[],
  whenRunning: () => string,
): Promise<void> {
  const stop = listenForStop()
  const lifecycle = createLifecycle(parts, (part, cause) =>
    log.error({ part, err: cause }, 'a part failed to stop'),
  )
  try {
    await lifecycle.start()
    process.stdout.write(whenRunning())
    const signal = await stop.first
    log.info({ signal }, 'stopping')
    const overdue = await lifecycle.stop(config.shutdownTimeoutMs, stop.again)
    // A part that hangs may keep the process alive; on an error main exits.
    if (overdue.length > 0) throw new Error(`threadtap stopped without waiting for ${overdue.join(', ')}`)
    log.info('stopped')
  } finally {
    stop.forget()
  }
}
