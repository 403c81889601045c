import type { Config } from '../../shared/config/load.ts'
import { intakePart, packsAtOnce, type WorkerAssembly } from '../../worker/assembly.ts'
import { bullmqIntake } from '../../worker/intake/bullmq-intake.ts'
import { workerLedger } from '../../worker/intake/worker-ledger.ts'
import type { CarrierAssembly } from './carrier-assembly.ts'

/** Consumes packs from Redis in a worker. */
export function takeFrom(
  redisUrl: string,
  { queueName, queuePrefix: prefix }: Config,
  { consume, onUnreadable, events }: WorkerAssembly,
): CarrierAssembly {
  const ledger = workerLedger()
  const onUnreadablePack = ledger.countUnreadable(onUnreadable)
  const intake = bullmqIntake({
    queueName,
    prefix,
    redisUrl,
    packsAtOnce,
    onUnreadable: onUnreadablePack,
    events,
  })
  return { ledger: ledger.read, parts: [intakePart(intake, ledger.countConsumed(consume))] }
}
