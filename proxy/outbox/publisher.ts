import { Queue } from 'bullmq'
import type { Part } from '../../shared/lifecycle.ts'
import { type PackJob, type QueueNames, waitingKeys } from '../../shared/queue/queue-names.ts'
import { queryConnection } from '../../shared/queue/redis.ts'
import { keepSettled } from '../../shared/queue/settled-counts.ts'
import { DeadlineExceeded, withDeadline } from '../../shared/timing/deadline.ts'
import type { Spool, SpooledPack } from '../spool/spool.ts'
import { createSpoolReader } from '../spool/spool-reader.ts'
import { createQueueGate, type QueueGateEvents } from './queue-gate.ts'
import { type QueueTrouble, type Room, roomFor } from './queue-room.ts'

export type PublisherEvents = QueueGateEvents & {
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
}

/** Longer than the connection's own limit for a command: this one also ends a wait for the connection. */
const handOverMs = 1_500

/** Moves packs from the spool to Redis, and keeps them in the spool while Redis cannot take them. */
export function createPublisher(options: PublisherOptions): Part {
  const { spool, redisUrl, queueName, prefix, maxPacks, events, packsAtOnce = 8 } = options
  const names = { queueName, prefix }
  const redis = queryConnection(redisUrl)
  redis.on('error', () => {}) // the gate finds out by looking
  const queue = new Queue<PackJob>(queueName, {
    connection: redis,
    prefix,
    // The check asks once, and one lost answer would make the queue unusable for ever.
    skipVersionCheck: true,
    streams: { events: { maxLen: 100 } },
  })
  queue.on('error', () => {})
  const gate = createQueueGate({ look, events })
  redis.on('ready', gate.lookNow)
  const reader = createSpoolReader({ spool, packsAtOnce, work: publish, workFailed: () => {} })

  async function look(): Promise<Room> {
    try {
      return await withDeadline(handOverMs, lookAtRedis)
    } catch (cause) {
      return { packs: 0, trouble: troubleOf(cause) }
    }
  }

  async function lookAtRedis(): Promise<Room> {
    if (redis.status !== 'ready') throw new Disconnected()
    const { wait, delayed } = waitingKeys(names)
    const [memory, waiting, resting] = await Promise.all([
      redis.info('memory'),
      redis.llen(wait),
      redis.zcard(delayed),
      keepSettled(redis, names, spool.origin),
    ])
    return roomFor(memory, waiting + resting, maxPacks)
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
      await withDeadline(handOverMs, () => addJob(pack))
      return true
    } catch (cause) {
      const trouble = troubleOf(cause)
      events.publishFailed(trouble, cause)
      gate.shut(trouble)
      return false
    }
  }

  // A pack that is given to Redis twice, because its answer got lost, is one job as long as that job exists.
  async function addJob({ id, text, records }: SpooledPack): Promise<void> {
    if (redis.status !== 'ready') throw new Disconnected()
    const job = { pack: text, records }
    await queue.add('pack', job, {
      jobId: id,
      removeOnComplete: true,
      attempts: Number.MAX_SAFE_INTEGER,
      backoff: { type: 'worker' },
    })
  }

  return {
    name: 'publisher',
    start(): void {
      gate.start()
      reader.start()
    },
    async stop(deadline: AbortSignal): Promise<void> {
      gate.stop()
      await reader.stop(deadline, true)
      redis.disconnect()
    },
  }
}

class Disconnected extends Error {
  override readonly name = 'Disconnected'
}

function troubleOf(cause: unknown): QueueTrouble {
  if (cause instanceof DeadlineExceeded) return 'timed_out'
  if (cause instanceof Disconnected || !(cause instanceof Error)) return 'disconnected'
  if (cause.message.startsWith('Command timed out')) return 'timed_out'
  // What Redis itself answers is a ReplyError; all else is about the connection.
  return cause.name === 'ReplyError' ? 'refused' : 'disconnected'
}
