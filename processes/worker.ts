import { CommandFailed } from '../cli/terminal/outcome.ts'
import { createAdminPort } from '../shared/admin/admin-port.ts'
import { assembleWorker } from '../worker/assembly.ts'
import { banner } from './banner.ts'
import { throughQueue } from './redis-carrier.ts'
import { openHouse, runUntilStopped } from './runtime.ts'

/** `threadtap worker`: packs of records from Redis, delivered to the sinks. */
export async function worker(env: NodeJS.ProcessEnv): Promise<void> {
  const house = openHouse(env, 'worker')
  const { config, registry, log, clock } = house
  if (config.redisUrl === undefined) {
    throw new CommandFailed(
      'threadtap worker needs REDIS_URL; without Redis, threadtap start runs everything in one process.',
    )
  }
  const queue = throughQueue(config, config.redisUrl)
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
  )
  const parts = [...side.parts, adminPort, ...carrier.parts]
  await runUntilStopped(house, parts, () => banner('threadtap worker', config, { admin: adminPort.url() }))
}
