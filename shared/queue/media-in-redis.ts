import type { QueueNames } from './queue-names.ts'
import type { RedisClient } from './redis.ts'

/** What became of a medium on its way to Redis; `absent`: it is not there, and its bytes have not been sent yet. */
export type PutOutcome = 'kept' | 'absent' | 'full'

/** Longer than an outage that anybody leaves alone; a record that waits longer keeps its note. */
const lifeMs = 24 * 3_600_000

// Keys: the bytes; a sorted set of `hash:size` by the time of their expiry; the sum of the sizes.
const purgeExpired = `
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[2], 'LIMIT', 0, 100)) do
  redis.call('ZREM', KEYS[2], member)
  redis.call('DECRBY', KEYS[3], string.match(member, ':(%d+)$'))
end`

const putOnce = `
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('ZADD', KEYS[2], ARGV[2] + ARGV[3], ARGV[1])
  return 'kept'
end
${purgeExpired}
local size = tonumber(string.match(ARGV[1], ':(%d+)$'))
if tonumber(redis.call('GET', KEYS[3]) or 0) + size > tonumber(ARGV[4]) then return 'full' end
if #ARGV < 5 then return 'absent' end
redis.call('SET', KEYS[1], ARGV[5], 'PX', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[2] + ARGV[3], ARGV[1])
redis.call('INCRBY', KEYS[3], size)
return 'kept'`

const removeOnce = `
if redis.call('DEL', KEYS[1]) == 0 then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DECRBY', KEYS[3], string.match(ARGV[1], ':(%d+)$'))`

export type StoredMedium = { readonly sha256: string; readonly size: number }

/**
 * Puts the bytes of a medium beside the queue, once however many packs name it.
 * @param maxBytes QUEUE_MEDIA_MAX_BYTES: of all media there
 * @param bytes left out to find out whether they need to be sent
 */
export async function putMedium(
  redis: RedisClient,
  names: QueueNames,
  { sha256, size }: StoredMedium,
  maxBytes: number,
  bytes?: Buffer,
): Promise<PutOutcome> {
  const keys = keysOf(names, sha256)
  const values = [`${sha256}:${size}`, Date.now(), lifeMs, maxBytes, ...(bytes === undefined ? [] : [bytes])]
  return (await redis.eval(putOnce, keys.length, ...keys, ...values)) as PutOutcome
}

export async function readMedium(
  redis: RedisClient,
  names: QueueNames,
  sha256: string,
): Promise<Buffer | undefined> {
  return (await redis.getBuffer(keysOf(names, sha256)[0])) ?? undefined
}

/** Removes what the sink has. */
export async function removeMedium(
  redis: RedisClient,
  names: QueueNames,
  { sha256, size }: StoredMedium,
): Promise<void> {
  const keys = keysOf(names, sha256)
  await redis.eval(removeOnce, keys.length, ...keys, `${sha256}:${size}`)
}

/** In the cluster slot of the queue itself. */
function keysOf({ prefix, queueName }: QueueNames, sha256: string) {
  const media = `${prefix}:${queueName}:media`
  return [`${media}:${sha256}`, media, `${media}:bytes`] as const
}
