import { CommandFailed } from '../cli/terminal/outcome.ts'
import { createAdminPort } from '../shared/admin/admin-port.ts'
import { assembleWorker } from '../worker/assembly.ts'
import { banner } from './banner.ts'
import { redisCarrier } from './redis-carrier.ts'
import { createRuntime, runUntilStopped } from './runtime.ts'

/** `threadtap worker`: packs of records from Redis, delivered to the sinks. */
export async function worker(env: NodeJS.ProcessEnv): Promise<void> {
  const runtime = createRuntime(env, 'worker')
  const { config, registry, log, clock } = runtime
  if (config.redisUrl === undefined) {
    throw new CommandFailed(
      'threadtap worker needs REDIS_URL; without Redis, threadtap start runs everything in one process.',
    )
  }
  const queue = redisCarrier(config, config.redisUrl)
  const side = await assembleWorker(config, registry, log, clock, queue.replayed)
  const carrier = queue.toWorker(side)
  const adminPort = createAdminPort(
    {
      registry,
      checks: {},
      ledger: carrier.ledger,
      dead: side.dead,
      ...(side.calls !== undefined && { calls: side.calls }),
    },
    config,
    log,
  )
  const parts = [...side.parts, adminPort, ...carrier.parts]
  await runUntilStopped(runtime, parts, () => banner('threadtap worker', config, { admin: adminPort.url() }))
}
