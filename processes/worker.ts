import { createAdminPort } from '../shared/admin/admin-port.ts'
import { InvalidSettings } from '../shared/config/load.ts'
import { loopMetrics } from '../shared/metrics/catalogue.ts'
import { createMetrics } from '../shared/metrics/metrics.ts'
import { omitUndefined } from '../shared/omit-undefined.ts'
import { startupGarbage } from '../shared/startup-garbage.ts'
import { assembleWorker } from '../worker/assembly.ts'
import { consolePages } from './assembly/console-pages.ts'
import { keepPrivate } from './assembly/keep-private.ts'
import { takeFrom } from './assembly/redis-intake.ts'
import { redisQueries } from './assembly/redis-queries.ts'
import { createRuntime } from './assembly/runtime.ts'
import { watchLoop } from './assembly/watch-loop.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { runningBanner } from './running-banner.ts'

/** `threadtap worker`: delivers packs of records from Redis to the sinks. */
export async function worker(env: NodeJS.ProcessEnv): Promise<void> {
  const runtime = createRuntime(env, 'worker')
  const { config, registry, log, degradations } = runtime
  keepPrivate(config.dataDir)
  if (config.redisUrl === undefined) {
    throw new InvalidSettings([
      'threadtap worker needs REDIS_URL; without Redis, threadtap start runs everything in one process.',
    ])
  }
  const loopWatch = watchLoop('worker', createMetrics(loopMetrics, registry), runtime)
  const { note } = loopWatch
  const queries = redisQueries(config.redisUrl, runtime)
  const assembly = assembleWorker({ ...runtime, note }, queries.countReplayed, queries.media)
  const carrier = takeFrom(config.redisUrl, config, assembly)
  const adminPort = createAdminPort(
    {
      registry,
      checks: {},
      degraded: degradations.list,
      pages: consolePages(runtime, false),
      ledger: carrier.ledger,
      dead: assembly.dead,
      ...omitUndefined({ calls: assembly.calls }),
    },
    config,
    log,
    note,
  )
  const parts = [loopWatch, ...assembly.parts, startupGarbage, adminPort, queries, ...carrier.parts]
  await runUntilStopped(runtime, parts, () =>
    runningBanner({
      title: 'threadtap worker',
      delivery: 'delivers',
      env,
      config,
      addresses: () => ({ admin: adminPort.url() }),
      degraded: degradations.list,
    }),
  )
}
