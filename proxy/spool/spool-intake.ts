import { totalOf } from '../../shared/ledger/ledger.ts'
import type { Consume, Intake } from '../../shared/queue/carrier.ts'
import { type CarrierEvents, consumePack, type OnUnreadable } from '../../shared/queue/settlement.ts'
import type { Backoff } from '../../shared/timing/backoff.ts'
import type { Spool, SpooledPack } from './spool.ts'
import { createSpoolReader, type SpoolReader } from './spool-reader.ts'

export type SpoolIntakeOptions = {
  /** Packs that the worker consumes at once. */
  readonly packsAtOnce: number
  readonly onUnreadable: OnUnreadable
  readonly events: CarrierEvents
  /** How long a pack that could not be settled waits before it comes back. */
  readonly backoff?: Backoff
}

/** The carrier without Redis: the worker takes packs from the spool of the same process. */
export function spoolIntake(spool: Spool, options: SpoolIntakeOptions): Intake {
  const { packsAtOnce, onUnreadable, events, backoff } = options
  let reader: SpoolReader | undefined

  async function start(consume: Consume): Promise<void> {
    async function processPack(pack: SpooledPack, signal: AbortSignal): Promise<SpooledPack | undefined> {
      events.packOpened()
      const { settled, remaining } = await consumePack(pack, consume, onUnreadable, signal)
      if (totalOf(settled) === 0) return pack
      return spool.settle(
        pack,
        settled,
        remaining.map((record) => JSON.stringify(record)),
      )
    }
    reader = createSpoolReader({
      spool,
      packsAtOnce,
      processPack,
      onFailure: (pack, cause) => events.packFailed(pack.id, cause),
      ...(backoff && { backoff }),
    })
    reader.start()
  }

  return { start, stop: async (deadline) => reader?.stop(deadline, false) }
}
