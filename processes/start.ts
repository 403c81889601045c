import { assembleProxy, type ProxyAssembly } from '../proxy/assembly.ts'
import { embeddedLedger } from '../proxy/spool/read-ledger.ts'
import { spoolIntake } from '../proxy/spool/spool-intake.ts'
import { createAdminPort } from '../shared/admin/admin-port.ts'
import type { ReadLedger } from '../shared/ledger/ledger.ts'
import type { Part } from '../shared/lifecycle.ts'
import { assembleWorker, intakePart, packsAtOnce, type WorkerAssembly } from '../worker/assembly.ts'
import { banner } from './banner.ts'
import { type CarrierAssembly, redisCarrier } from './redis-carrier.ts'
import { createRuntime, type Runtime, runUntilStopped } from './runtime.ts'

/** `threadtap start`: proxy and worker in one process, with Redis between them only where it is set. */
export async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const runtime = createRuntime(env, 'start')
  const { parts, addresses } = await assembleAll(runtime)
  await runUntilStopped(runtime, parts, () => banner('threadtap', runtime.config, addresses()))
}

export type Everything = {
  /** In the order of starting. */
  readonly parts: readonly Part[]
  /** Known once everything has started. */
  readonly addresses: () => { readonly data: string; readonly admin: string }
  readonly ledger: ReadLedger
}

/** Puts together what `start` runs. */
export async function assembleAll({ config, registry, log, clock }: Runtime): Promise<Everything> {
  const proxy = await assembleProxy(config, registry, log, clock)
  const queue = config.redisUrl === undefined ? undefined : redisCarrier(config, config.redisUrl)
  const replayed = queue?.replayed ?? (async () => proxy.spool.replayed(1))
  const worker = await assembleWorker(config, registry, log, clock, replayed)
  const carrier =
    queue === undefined
      ? embeddedCarrier(proxy, worker)
      : bothSides(queue.fromProxy(proxy), queue.toWorker(worker))
  const adminPort = createAdminPort(
    {
      registry,
      checks: { data_port: proxy.dataPort.listening },
      ledger: carrier.ledger,
      dead: worker.dead,
      ...(worker.calls !== undefined && { calls: worker.calls }),
    },
    config,
    log,
  )
  return {
    // Stopped in reverse: first no new calls, then what carries their records, last what keeps them.
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

/** The proxy's ledger follows its records to their end, so it is the one to show. */
function bothSides(proxy: CarrierAssembly, worker: CarrierAssembly): CarrierAssembly {
  return { ledger: proxy.ledger, parts: [...worker.parts, ...proxy.parts] }
}
