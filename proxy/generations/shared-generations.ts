import { createHash } from 'node:crypto'
import type { RedisClient } from '../../shared/queue/redis.ts'
import { openMs } from './open-generation.ts'

/** What Redis says of a generation. `taken`: some process has completed it. `unavailable`: Redis did not answer in time. */
export type SharedClaim =
  | { readonly kind: 'open'; readonly record: string }
  | { readonly kind: 'taken' | 'unknown' | 'unavailable' }

/** Open generations in Redis, for all processes with the same prefix. Never rejects. */
export type SharedGenerations = {
  put(key: string, record: string): Promise<void>
  /**
   * Takes a generation, so that no other process completes it as well.
   * @param known whether it is taken where Redis has lost it, or never had it
   */
  claim(key: string, known: boolean): Promise<SharedClaim>
}

/** The mark of one that is taken is an empty value, and lives as long as it could have been open. */
const claimScript = `
local found = redis.call('GET', KEYS[1])
if found == '' then return '' end
if found or ARGV[1] == '1' then redis.call('SET', KEYS[1], '', 'PX', ARGV[2]) end
return found`

export function createSharedGenerations(redis: RedisClient, prefix: string): SharedGenerations {
  const nameOf = (key: string): string =>
    `${prefix}:generation:${createHash('sha256').update(key).digest('hex').slice(0, 32)}`

  return {
    async put(key, record) {
      await redis.set(nameOf(key), record, 'PX', openMs).catch(() => undefined)
    },

    async claim(key, known) {
      try {
        const found = await redis.eval(claimScript, 1, nameOf(key), known ? '1' : '0', openMs)
        if (typeof found !== 'string') return { kind: 'unknown' }
        return found === '' ? { kind: 'taken' } : { kind: 'open', record: found }
      } catch {
        return { kind: 'unavailable' }
      }
    },
  }
}
