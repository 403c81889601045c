import { Cluster, Command, type Redis } from 'ioredis'
import { type QueueNames, waitingKeys } from './queue-names.ts'
import type { RedisClient } from './redis.ts'

/**
 * The server that holds the queue, to ask for what is no matter of a key: whether it answers, and its memory. The other
 * masters of a Cluster hold nothing of ours, and may be as full as they like.
 * @throws Error while a Cluster says nobody holds the queue's slot
 */
export function queueServer(redis: RedisClient, names: QueueNames): Redis {
  if (!(redis instanceof Cluster)) return redis
  const slot = new Command('llen', [waitingKeys(names).wait]).getSlot()
  const [master] = redis.slots[slot] ?? []
  const found = redis.nodes('master').find(({ options: { host, port } }) => `${host}:${port}` === master)
  if (found === undefined) throw new Error('no node of the Cluster holds the queue')
  return found
}
