import { assembleProxy } from '../proxy/assembly.ts'
import { createAdminPort } from '../shared/admin/admin-port.ts'
import { InvalidSettings } from '../shared/config/load.ts'
import { banner } from './banner.ts'
import { redisCarrier } from './redis-carrier.ts'
import { createRuntime, runUntilStopped } from './runtime.ts'

/** `threadtap proxy`: relays calls, and publishes packs of records to Redis for the workers. */
export async function proxy(env: NodeJS.ProcessEnv): Promise<void> {
  const runtime = createRuntime(env, 'proxy')
  const { config, registry, log, clock } = runtime
  if (config.redisUrl === undefined) {
    throw new InvalidSettings([
      'threadtap proxy needs REDIS_URL; without Redis, threadtap start runs everything in one process.',
    ])
  }
  const assembly = await assembleProxy(config, registry, log, clock)
  const carrier = redisCarrier(config, config.redisUrl).fromProxy(assembly)
  const adminPort = createAdminPort(
    { registry, checks: { data_port: assembly.dataPort.listening }, ledger: carrier.ledger },
    config,
    log,
  )
  const parts = [assembly.parts.spool, adminPort, ...carrier.parts, ...assembly.parts.calls]
  await runUntilStopped(runtime, parts, () =>
    banner('threadtap proxy', config, { data: assembly.dataPort.url(), admin: adminPort.url() }),
  )
}
