import type { Part } from '../../shared/lifecycle.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { QueueNames } from '../../shared/queue/queue-names.ts'
import { DeadlineExceeded, withDeadline } from '../../shared/timing/deadline.ts'
import type { Spool, SpooledPack } from '../spool/spool.ts'
import { createSpoolReader } from '../spool/spool-reader.ts'
import { createMediaPublisher, type MediaPublisher, type MediaPublisherOptions } from './publish-media.ts'
import { createPublishedOutcomes, type PublishedOutcomesEvents } from './published-outcomes.ts'
import { createQueueGate, type QueueGateEvents } from './queue-gate.ts'
import type { QueueTrouble, Room } from './queue-room.ts'
import { connectRedisQueue, Disconnected, type RedisQueue } from './redis-queue.ts'

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
  /** Redis has the pack. Neither throws nor waits. @param text as JSON */
  readonly onPublished?: (text: string) => void
  readonly packsAtOnce?: number
  /** How long Redis has had a pack before somebody looks whether it still has. */
  readonly lostAfterMs?: number
  /** Media that travel beside the packs, and how many bytes of them may be in Redis. */
  readonly media?: {
    readonly spool: MediaPublisherOptions['media']
    readonly maxBytes: number
    readonly onOutcome: MediaPublisherOptions['onOutcome']
  }
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

  const media = options.media && mediaPublisher(options.media, queue)

  async function check(): Promise<Room> {
    try {
      return await withDeadline(handOverMs, async () => {
        // First, because it says at once why Redis cannot be asked.
        const room = await queue.room(maxPacks)
        await outcomes.caughtUp
        return room
      })
    } catch (cause) {
      const trouble = troubleOf(cause)
      return trouble === 'timed_out' ? { packs: 0, trouble } : { packs: 0, trouble, cause }
    }
  }

  async function publish(pack: SpooledPack, signal: AbortSignal): Promise<undefined> {
    await gate.pass(signal)
    await media?.handOver(pack.text)
    while (!(await handOver(pack))) await gate.pass(signal)
    await spool.published(pack)
    media?.handedOver(pack.text)
    events.published(pack.records)
    options.onPublished?.(pack.text)
  }

  async function handOver(pack: SpooledPack): Promise<boolean> {
    try {
      // Before the deadline, which is for Redis alone.
      const add = await queue.adder()
      await withDeadline(handOverMs, () => add(pack))
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

function mediaPublisher(
  { spool, maxBytes, onOutcome }: NonNullable<PublisherOptions['media']>,
  queue: RedisQueue,
): MediaPublisher {
  return createMediaPublisher({
    media: spool,
    put: (sha256, size, bytes) =>
      withDeadline(handOverMs, () => queue.putMedium({ sha256, size }, maxBytes, bytes)),
    onOutcome,
  })
}

function troubleOf(cause: unknown): QueueTrouble {
  if (cause instanceof DeadlineExceeded) return 'timed_out'
  if (cause instanceof Disconnected || !(cause instanceof Error)) return 'disconnected'
  if (cause.message.startsWith('Command timed out')) return 'timed_out'
  // An error that Redis itself returns is a ReplyError; every other is about the connection.
  return cause.name === 'ReplyError' ? 'refused' : 'disconnected'
}
