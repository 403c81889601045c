import { assembleProxy, type ProxyAssembly } from '../proxy/assembly.ts'
import { embeddedLedger } from '../proxy/spool/read-ledger.ts'
import { spoolIntake } from '../proxy/spool/spool-intake.ts'
import { createAdminPort } from '../shared/admin/admin-port.ts'
import type { ReadLedger } from '../shared/ledger/ledger.ts'
import type { Part } from '../shared/lifecycle.ts'
import { omitUndefined } from '../shared/omit-undefined.ts'
import { assembleWorker, intakePart, packsAtOnce, type WorkerAssembly } from '../worker/assembly.ts'
import { banner } from './banner.ts'
import { type CarrierAssembly, redisCarrier } from './redis-carrier.ts'
import { createRuntime, type Runtime, runUntilStopped } from './runtime.ts'

/** `threadtap start`: proxy and worker in one process, with Redis between them only when it is configured. */
export async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const runtime = createRuntime(env, 'start')
  const { parts, addresses } = await assembleStart(runtime)
  await runUntilStopped(runtime, parts, () => banner('threadtap', runtime.config, addresses()))
}

export type StartAssembly = {
  /** In start order. */
  readonly parts: readonly Part[]
  /** Available once everything has started. */
  readonly addresses: () => { readonly data: string; readonly admin: string }
  readonly ledger: ReadLedger
}

/** Assembles what `start` runs. */
export async function assembleStart({ config, registry, log, clock }: Runtime): Promise<StartAssembly> {
  const proxy = await assembleProxy(config, registry, log, clock)
  const redis = config.redisUrl === undefined ? undefined : redisCarrier(config, config.redisUrl)
  const countReplayed = redis?.countReplayed ?? (async () => proxy.spool.replayed(1))
  const worker = await assembleWorker(config, registry, log, clock, countReplayed)
  const carrier =
    redis === undefined
      ? embeddedCarrier(proxy, worker)
      : bothEnds(redis.fromProxy(proxy), redis.toWorker(worker))
  const adminPort = createAdminPort(
    {
      registry,
      checks: { data_port: proxy.dataPort.listening },
      ledger: carrier.ledger,
      dead: worker.dead,
      ...omitUndefined({ calls: worker.calls }),
    },
    config,
    log,
  )
  return {
    // Stopped in reverse: calls first, then the carrier of their records, the spool last.
    parts: [proxy.parts.spool, ...worker.parts, adminPort, ...carrier.parts, ...proxy.parts.calls],
    addresses: () => ({ data: proxy.dataPort.url(), admin: adminPort.url() }),
    ledger: carrier.ledger,
  }
}

function embeddedCarrier(
  { spool, outbox }: ProxyAssembly,
  { consume, onUnreadable, events }: WorkerAssembly,
): CarrierAssembly {
  const intake = spoolIntake(spool, { packsAtOnce, onUnreadable, events })
  return { ledger: embeddedLedger(spool, outbox), parts: [intakePart(intake, consume)] }
}

/** Shows the proxy's ledger, which covers records until they settle. */
function bothEnds(proxy: CarrierAssembly, worker: CarrierAssembly): CarrierAssembly {
  return { ledger: proxy.ledger, parts: [...worker.parts, ...proxy.parts] }
}
