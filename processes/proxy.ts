import { CommandFailed } from '../cli/terminal/outcome.ts'
import { assembleProxy } from '../proxy/assembly.ts'
import { createAdminPort } from '../shared/admin/admin-port.ts'
import { banner } from './banner.ts'
import { redisCarrier } from './redis-carrier.ts'
import { createRuntime, runUntilStopped } from './runtime.ts'

/** `threadtap proxy`: calls in, packs of records out to Redis, for workers elsewhere. */
export async function proxy(env: NodeJS.ProcessEnv): Promise<void> {
  const runtime = createRuntime(env, 'proxy')
  const { config, registry, log, clock } = runtime
  if (config.redisUrl === undefined) {
    throw new CommandFailed(
      'threadtap proxy needs REDIS_URL; without Redis, threadtap start runs everything in one process.',
    )
  }
  const side = await assembleProxy(config, registry, log, clock)
  const queue = redisCarrier(config, config.redisUrl).fromProxy(side)
  const adminPort = createAdminPort(
    { registry, checks: { data_port: side.dataPort.listening }, ledger: queue.ledger },
    config,
    log,
  )
  const parts = [side.parts.spool, adminPort, ...queue.parts, ...side.parts.calls]
  await runUntilStopped(runtime, parts, () =>
    banner('threadtap proxy', config, { data: side.dataPort.url(), admin: adminPort.url() }),
  )
}
