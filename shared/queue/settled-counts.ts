import type { Redis } from 'ioredis'
import { addCounts, type Counts, type DropReason, noCounts, totalOf } from '../ledger/ledger.ts'
import { originOf } from './pack-id.ts'
import { type QueueNames, settledKey, settledMarkerKey } from './queue-names.ts'

const markerSeconds = 600
const hashSeconds = 7 * 24 * 3_600

// The marker holds how many records of the pack are not counted yet. A pack that is processed twice, because a
// worker died between this script and completing the job, is counted once, whatever its second outcome.
// DEL goes first because Redis at its memory limit refuses a script whose first write may need memory
// (scriptVerifyOOM in redis/src/script.c), and counting must not stop the queue from getting shorter.
const countOnce = `
local uncounted = tonumber(redis.call('GET', KEYS[1]) or ARGV[1])
local allowed = uncounted - tonumber(ARGV[2])
if allowed <= 0 then return 0 end
redis.call('DEL', KEYS[1])
for i = 5, #ARGV, 2 do
  local count = math.min(tonumber(ARGV[i + 1]), allowed)
  if count > 0 then redis.call('HINCRBY', KEYS[2], ARGV[i], count) end
  allowed = allowed - count
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[4])
return 1`

/**
 * Counts the outcome of a pack's records for the proxy that the pack came from.
 * @param before records that the pack had when the worker took it
 */
export async function countSettled(
  redis: Redis,
  names: QueueNames,
  packId: string,
  before: number,
  settled: Counts,
): Promise<void> {
  const origin = originOf(packId)
  const total = totalOf(settled)
  if (origin === undefined || total === 0) return
  const keys = [settledMarkerKey(names, origin, packId), settledKey(names, origin)] as const
  await redis.eval(
    countOnce,
    keys.length,
    ...keys,
    before,
    before - total,
    markerSeconds,
    hashSeconds,
    ...fieldsOf(settled),
  )
}

/** Counts a dead letter of this proxy as delivered after all. */
export async function countReplayed(redis: Redis, names: QueueNames, origin: string): Promise<void> {
  const key = settledKey(names, origin)
  await redis.multi().hincrby(key, 'deadLettered', -1).hincrby(key, 'delivered', 1).exec()
}

/** @returns the outcomes of all records that workers have settled for a proxy */
export async function readSettled(redis: Redis, names: QueueNames, origin: string): Promise<Counts> {
  const fields = await redis.hgetall(settledKey(names, origin))
  return Object.entries(fields).map(countsOf).reduce(addCounts, noCounts)
}

/** Postpones the expiry of a proxy's counts: a proxy that is alive may have no calls for days. */
export async function postponeExpiry(redis: Redis, names: QueueNames, origin: string): Promise<void> {
  await redis.expire(settledKey(names, origin), hashSeconds)
}

const dropField = 'dropped:'

function fieldsOf({ delivered, deadLettered, dropped }: Counts): (string | number)[] {
  const drops = Object.entries(dropped).flatMap(([reason, count]) => [dropField + reason, count])
  return ['delivered', delivered, 'deadLettered', deadLettered, ...drops]
}

function countsOf([field, text]: [string, string]): Counts {
  const count = Number(text)
  if (field === 'delivered' || field === 'deadLettered') return { ...noCounts, [field]: count }
  const reason = field.slice(dropField.length) as DropReason
  return { ...noCounts, dropped: { [reason]: count } }
}
