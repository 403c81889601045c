import type { Part } from '../../shared/lifecycle.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { QueueNames } from '../../shared/queue/queue-names.ts'
import { DeadlineExceeded, withDeadline } from '../../shared/timing/deadline.ts'
import type { Spool, SpooledPack } from '../spool/spool.ts'
import { createSpoolReader } from '../spool/spool-reader.ts'
import { createPublishedOutcomes, type PublishedOutcomesEvents } from './published-outcomes.ts'
import { createQueueGate, type QueueGateEvents } from './queue-gate.ts'
import type { QueueTrouble, Room } from './queue-room.ts'
import { connectRedisQueue, Disconnected } from './redis-queue.ts'

export type PublisherEvents = QueueGateEvents &
  PublishedOutcomesEvents & {
    /** Redis has the pack. */
    published(records: number): void
    publishFailed(reason: QueueTrouble, cause: unknown): void
  }

export type PublisherOptions = QueueNames & {
  readonly spool: Spool
  readonly redisUrl: string
  /** QUEUE_MAX_PACKS */
  readonly maxPacks: number
  readonly events: PublisherEvents
  readonly packsAtOnce?: number
  /** How long Redis has had a pack before somebody looks whether it still has. */
  readonly lostAfterMs?: number
}

export type Publisher = Part & {
  /** Resolves when the spool's ledger has every outcome reported so far. @throws when Redis cannot be asked */
  readOutcomes(): Promise<void>
}

/** Longer than the connection's own limit for a command: this one also ends a wait for the connection. */
const handOverMs = 1_500

/** Moves packs from the spool to Redis, and keeps them in the spool while Redis cannot take them. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { spool, redisUrl, queueName, prefix, maxPacks, events, packsAtOnce = 8 } = options
  const queue = connectRedisQueue(redisUrl, { queueName, prefix })
  const { lostAfterMs } = options
  const outcomes = createPublishedOutcomes({ spool, queue, events, ...omitUndefined({ lostAfterMs }) })
  const gate = createQueueGate({ check, events })
  queue.onReady(gate.checkNow)
  const reader = createSpoolReader({ spool, packsAtOnce, processPack: publish, onFailure: () => {} })

  async function check(): Promise<Room> {
    try {
      return await withDeadline(handOverMs, async () => {
        await outcomes.caughtUp
        return queue.room(maxPacks)
      })
    } catch (cause) {
      return { packs: 0, trouble: troubleOf(cause) }
    }
  }

  async function publish(pack: SpooledPack, signal: AbortSignal): Promise<undefined> {
    do {
      await gate.pass(signal)
    } while (!(await handOver(pack)))
    await spool.published(pack)
    events.published(pack.records)
  }

  async function handOver(pack: SpooledPack): Promise<boolean> {
    try {
      await withDeadline(handOverMs, () => queue.add(pack))
      return true
    } catch (cause) {
      const trouble = troubleOf(cause)
      events.publishFailed(trouble, cause)
      gate.close(trouble)
      return false
    }
  }

  return {
    name: 'publisher',
    readOutcomes: outcomes.read,
    start(): void {
      outcomes.start()
      gate.start()
      reader.start()
    },
    async stop(deadline: AbortSignal): Promise<void> {
      gate.stop()
      await reader.stop(deadline, true)
      outcomes.stop()
      queue.disconnect()
    },
  }
}

function troubleOf(cause: unknown): QueueTrouble {
  if (cause instanceof DeadlineExceeded) return 'timed_out'
  if (cause instanceof Disconnected || !(cause instanceof Error)) return 'disconnected'
  if (cause.message.startsWith('Command timed out')) return 'timed_out'
  // An error that Redis itself returns is a ReplyError; every other is about the connection.
  return cause.name === 'ReplyError' ? 'refused' : 'disconnected'
}
