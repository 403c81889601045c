import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { Call } from './call.ts'

/** Finds out which calls are further attempts at an earlier one. */
export type Attempts = {
  /** @param body as the client sent it, where it was read */
  begun(call: Call, body: Buffer | undefined): Attempt
}

export type Attempt = {
  /** The call, knowing what it repeats. */
  readonly call: Call
  /** To be told when it is over; does nothing where it ended well. */
  ended(record: InferenceRecord | undefined): void
}

type Failed = { readonly first: string; readonly atMs: number }

/** Failed attempts that are remembered; beyond it the least recently used is evicted, and its repetition stands alone. */
const maxRemembered = 1_000

/** Longer than any SDK waits between two attempts. */
const rememberedMs = 120_000

/** Beginning and end of a body are enough to know it again, and are hashed in less than 1 ms. */
const hashedBytes = 262_144

/**
 * A call repeats an earlier one when its client says so (`x-stainless-retry-count`) or gives it the same id,
 * the earlier one failed a moment ago, and both ask the same. An id alone is not enough: applications send
 * that of their own incoming request with all the calls that it leads to.
 */
export function createAttempts(clock: Clock): Attempts {
  // Expired on our own clock: lru-cache's ttl takes the time 0 for "never expires".
  const failed = new LRUCache<string, Failed>({ max: maxRemembered })

  function firstOf(key: string): string | undefined {
    const known = failed.get(key)
    return known !== undefined && clock.monotonic() - known.atMs <= rememberedMs ? known.first : undefined
  }

  function remember(key: string, first: string): void {
    failed.set(key, { first, atMs: clock.monotonic() })
  }

  return {
    begun(call, body) {
      const mayRepeat = call.retry > 0 || call.clientId !== undefined
      const first = mayRepeat && failed.size > 0 ? firstOf(keyOf(call, body)) : undefined
      return {
        call: first === undefined ? call : { ...call, attemptOf: first },
        ended(record) {
          if (record !== undefined && record.ending !== 'completed')
            remember(keyOf(call, body), first ?? call.id)
        },
      }
    },
  }
}

function keyOf({ method, upstream, route, context, clientId }: Call, body: Buffer | undefined): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([method, upstream, route, context.threadId, clientId, body?.length]))
  if (body !== undefined) hash.update(body.subarray(0, hashedBytes)).update(body.subarray(-hashedBytes))
  return hash.digest('base64')
}
