import { isJsonObject, parseJson } from '../json.ts'
import type { Counts } from '../ledger/ledger.ts'
import { totalOf } from '../ledger/ledger.ts'
import { originOf } from './pack-id.ts'
import { outcomesKey, type QueueNames } from './queue-names.ts'
import type { RedisClient } from './redis.ts'

/**
 * What workers report to the proxy that a pack came from, through a list in Redis: the outcome of records of a pack, or
 * that dead letters were delivered after all. The proxy's spool counts it, and keeps the pack until then.
 */
export type PackOutcome = SettledPack | { readonly replayed: number }

export type SettledPack = {
  readonly pack: string
  /** Records that the pack had when the worker took it. */
  readonly before: number
  readonly settled: Counts
}

/** A proxy that is gone for good reads nothing any more. */
const listSeconds = 7 * 24 * 3_600

// Redis at its memory limit refuses a script whose first write may need memory (scriptVerifyOOM in redis/src/script.c),
// and reporting must not stop the queue from getting shorter. So a DEL, of nothing, goes first.
const report = `
redis.call('DEL', KEYS[2])
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])`

/**
 * Reports the outcome of a pack's records to the proxy that the pack came from.
 * @param before records that the pack had when the worker took it
 */
export async function reportOutcome(
  redis: RedisClient,
  names: QueueNames,
  pack: string,
  before: number,
  settled: Counts,
): Promise<void> {
  const origin = originOf(pack)
  if (origin === undefined || totalOf(settled) === 0) return
  await push(redis, names, origin, { pack, before, settled })
}

/** Reports that a dead letter of this proxy was delivered after all. */
export function reportReplayed(redis: RedisClient, names: QueueNames, origin: string): Promise<void> {
  return push(redis, names, origin, { replayed: 1 })
}

async function push(
  redis: RedisClient,
  names: QueueNames,
  origin: string,
  outcome: PackOutcome,
): Promise<void> {
  const key = outcomesKey(names, origin)
  await redis.eval(report, 2, key, `${key}:none`, JSON.stringify(outcome), listSeconds)
}

/**
 * @returns the oldest outcomes that were reported to a proxy, at most `limit`, undefined for one that cannot be read; they
 * stay in Redis until `removeOutcomes`
 */
export async function readOutcomes(
  redis: RedisClient,
  names: QueueNames,
  origin: string,
  limit: number,
): Promise<readonly (PackOutcome | undefined)[]> {
  const texts = await redis.lrange(outcomesKey(names, origin), 0, limit - 1)
  return texts.map(parseOutcome)
}

/** Removes the oldest outcomes, and postpones the expiry of the others. */
export async function removeOutcomes(
  redis: RedisClient,
  names: QueueNames,
  origin: string,
  count: number,
): Promise<void> {
  const key = outcomesKey(names, origin)
  await redis.multi().ltrim(key, count, -1).expire(key, listSeconds).exec()
}

function parseOutcome(text: string): PackOutcome | undefined {
  const outcome = parseJson(text)
  if (!isJsonObject(outcome)) return undefined
  if (typeof outcome.replayed === 'number') return { replayed: outcome.replayed }
  const { pack, before, settled } = outcome
  if (typeof pack !== 'string' || typeof before !== 'number' || !isJsonObject(settled)) return undefined
  return { pack, before, settled: settled as Counts }
}
