import { Queue } from 'bullmq'
import { type PackJob, type QueueNames, waitingKeys } from '../../shared/queue/queue-names.ts'
import { queryConnection } from '../../shared/queue/redis.ts'
import { postponeExpiry } from '../../shared/queue/settled-counts.ts'
import type { SpooledPack } from '../spool/spool.ts'
import { type Room, roomFor } from './queue-room.ts'

/** The proxy's end of the queue in Redis. Nothing waits for a connection here: packs wait in the spool. */
export type RedisQueue = {
  /** Checks for room, and keeps alive the counts of this spool's records. @throws when Redis cannot be asked */
  room(maxPacks: number, origin: string): Promise<Room>
  /**
   * Adds a pack as one job. A pack that is added twice, because a response was lost, is one job as long as that
   * job exists.
   * @throws when Redis cannot take it, or its response was lost
   */
  add(pack: SpooledPack): Promise<void>
  onReady(listener: () => void): void
  disconnect(): void
}

/** The connection to Redis is not there. */
export class Disconnected extends Error {
  override readonly name = 'Disconnected'
}

export function connectRedisQueue(redisUrl: string, names: QueueNames): RedisQueue {
  const redis = queryConnection(redisUrl)
  redis.on('error', () => {}) // the gate's checks report it
  const queue = new Queue<PackJob>(names.queueName, {
    connection: redis,
    prefix: names.prefix,
    // BullMQ checks the version once, and one lost response would make the queue unusable for good.
    skipVersionCheck: true,
    streams: { events: { maxLen: 100 } },
  })
  queue.on('error', () => {})

  function assertConnected(): void {
    if (redis.status !== 'ready') throw new Disconnected()
  }

  async function room(maxPacks: number, origin: string): Promise<Room> {
    assertConnected()
    const { wait, delayed } = waitingKeys(names)
    const [memory, waitingPacks, delayedPacks] = await Promise.all([
      redis.info('memory'),
      redis.llen(wait),
      redis.zcard(delayed),
      postponeExpiry(redis, names, origin),
    ])
    return roomFor(memory, waitingPacks + delayedPacks, maxPacks)
  }

  async function add({ id, text, records }: SpooledPack): Promise<void> {
    assertConnected()
    await queue.add('pack', { pack: text, records }, { ...jobOptions, jobId: id })
  }

  return {
    room,
    add,
    onReady: (listener) => redis.on('ready', listener),
    disconnect: () => redis.disconnect(),
  }
}

const jobOptions = {
  removeOnComplete: true,
  attempts: Number.MAX_SAFE_INTEGER,
  backoff: { type: 'worker' },
}
