import { createLifecycle, type Part } from '../shared/lifecycle.ts'
import { PartsLeftBehind } from '../shared/parts-left-behind.ts'
import type { RunningProcess } from './assembly/runtime.ts'
import { listenForShutdown } from './signals.ts'

/**
 * Starts the parts, prints the banner, and stops them on SIGINT or SIGTERM.
 * @param bannerText called once everything runs
 * @returns when everything has stopped
 */
export async function runUntilStopped(
  { config, log }: RunningProcess,
  parts: readonly Part[],
  bannerText: () => Promise<string>,
): Promise<void> {
  const shutdown = listenForShutdown()
  const lifecycle = createLifecycle(parts, (part, cause) =>
    log.error({ part, err: cause }, 'a part failed to stop'),
  )
  try {
    await lifecycle.start()
    process.stdout.write(await bannerText())
    const signal = await shutdown.requested
    log.info({ signal }, 'stopping')
    const overdue = await lifecycle.stop(config.shutdownTimeoutMs, shutdown.forceStop)
    // A part that hangs may keep the process alive; on an error main exits.
    if (overdue.length > 0) throw new PartsLeftBehind(overdue)
    log.info('stopped')
  } finally {
    shutdown.dispose()
  }
}
