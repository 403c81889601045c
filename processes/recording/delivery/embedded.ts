import type { MediaSpool } from '../../../proxy/media/media-spool.ts'
import type { RecorderAssembly } from '../../../proxy/recorder/recorder-assembly.ts'
import { embeddedLedger } from '../../../proxy/spool/read-ledger.ts'
import { spoolIntake } from '../../../proxy/spool/spool-intake.ts'
import type { MediaSource } from '../../../shared/queue/media-source.ts'
import { assembleWorker, intakePart, packsAtOnce } from '../../../worker/assembly.ts'
import type { WatchedRuntime } from '../../assembly/runtime.ts'
import type { Delivery } from './delivery.ts'

/** The worker takes packs from the spool, in the same thread. */
export async function deliverEmbedded(
  runtime: WatchedRuntime,
  { spool, outbox, media }: RecorderAssembly,
): Promise<Delivery> {
  const countReplayed = async () => spool.replayed(1)
  const worker = assembleWorker(runtime, countReplayed, media && mediaFromSpool(media))
  const { consume, onUnreadable, events } = worker
  const intake = spoolIntake(spool, { packsAtOnce, onUnreadable, events })
  return {
    worker,
    carrier: { ledger: embeddedLedger(spool, outbox), parts: [intakePart(intake, consume)] },
  }
}

function mediaFromSpool({ read, release }: MediaSpool): MediaSource {
  return {
    read,
    stored: () => undefined,
    settled: (records) => release(records.flatMap(({ media = [] }) => media.map(({ sha256 }) => sha256))),
  }
}
