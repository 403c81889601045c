import { loadOnce } from '../../shared/load-once.ts'
import {
  type PutOutcome,
  putMedium as putInRedis,
  type StoredMedium,
} from '../../shared/queue/media-in-redis.ts'
import { type PackOutcome, readOutcomes, removeOutcomes } from '../../shared/queue/outcomes.ts'
import { jobKey, type QueueNames, waitingKeys } from '../../shared/queue/queue-names.ts'
import { queueServer } from '../../shared/queue/queue-server.ts'
import { queryConnection } from '../../shared/queue/redis.ts'
import type { AddPack } from './bullmq-queue.ts'
import { hasRoomForMedia, type Room, roomFor } from './queue-room.ts'

/** The proxy's end of the queue in Redis. Nothing waits for a connection here: packs wait in the spool. */
export type RedisQueue = {
  /** Checks for room. @throws when Redis cannot be asked */
  room(maxPacks: number): Promise<Room>
  /** @returns what adds packs, loaded with the first of them @throws when it cannot be loaded */
  adder(): Promise<AddPack>
  /** The oldest outcomes reported to a spool. @throws when Redis cannot be asked */
  outcomes(origin: string, limit: number): Promise<readonly (PackOutcome | undefined)[]>
  /** Removes the oldest outcomes. @throws when Redis cannot be asked */
  removeOutcomes(origin: string, count: number): Promise<void>
  /** @returns the ids of packs that have no job here @throws when Redis cannot be asked */
  missing(ids: readonly string[]): Promise<readonly string[]>
  /**
   * Puts a medium beside the queue, unless Redis has little memory left.
   * @param bytes left out to find out whether they need to be sent
   * @throws when Redis cannot take it
   */
  putMedium(medium: StoredMedium, maxBytes: number, bytes?: Buffer): Promise<PutOutcome>
  onReady(listener: () => void): void
  disconnect(): void
}

/** The connection to Redis is not there. */
export class Disconnected extends Error {
  override readonly name = 'Disconnected'
}

export function connectRedisQueue(redisUrl: string, names: QueueNames): RedisQueue {
  const redis = queryConnection(redisUrl)
  /** Why there is no connection: wrong password, refused, name unknown. */
  let refusal: unknown
  redis.on('error', (cause) => {
    refusal = cause
  })
  redis.on('ready', () => {
    refusal = undefined
  })
  const adder = loadOnce(async (): Promise<AddPack> => {
    const add = (await import('./bullmq-queue.ts')).bullmqQueue(redis, names)
    return async (pack) => {
      assertConnected()
      await add(pack)
    }
  })

  function assertConnected(): void {
    if (redis.status !== 'ready')
      throw new Disconnected('there is no connection to Redis', { cause: refusal })
  }

  async function room(maxPacks: number): Promise<Room> {
    assertConnected()
    const { wait, delayed } = waitingKeys(names)
    const [memory, waitingPacks, delayedPacks] = await Promise.all([
      queueServer(redis, names).info('memory'),
      redis.llen(wait),
      redis.zcard(delayed),
    ])
    return roomFor(memory, waitingPacks + delayedPacks, maxPacks)
  }

  async function missing(ids: readonly string[]): Promise<readonly string[]> {
    const found: string[] = []
    for (let start = 0; start < ids.length; start += idsAtOnce) {
      assertConnected()
      const some = ids.slice(start, start + idsAtOnce)
      const exist = await Promise.all(some.map((id) => redis.exists(jobKey(names, id))))
      found.push(...some.filter((_, index) => exist[index] === 0))
    }
    return found
  }

  async function putMedium(medium: StoredMedium, maxBytes: number, bytes?: Buffer): Promise<PutOutcome> {
    assertConnected()
    if (!hasRoomForMedia(await queueServer(redis, names).info('memory'))) return 'full'
    return putInRedis(redis, names, medium, maxBytes, bytes)
  }

  return {
    room,
    adder,
    async outcomes(origin, limit) {
      assertConnected()
      return readOutcomes(redis, names, origin, limit)
    },
    removeOutcomes: (origin, count) => removeOutcomes(redis, names, origin, count),
    missing,
    putMedium,
    onReady: (listener) => redis.on('ready', listener),
    disconnect: () => redis.disconnect(),
  }
}

/** A command has to be answered within a second. */
const idsAtOnce = 500
