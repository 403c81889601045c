import { createHash } from 'node:crypto'
import { leastRecentlyUsed } from '../../shared/least-recently-used.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { Call } from './call.ts'

/** Recognises calls that repeat an earlier, failed one. */
export type Attempts = {
  /** @param body the original request body, where it was read */
  begin(call: Call, body: Buffer | undefined): Attempt
}

export type Attempt = {
  /** The call, with `attemptOf` set where it repeats one. */
  readonly call: Call
  /** Called once, last; remembers the call where it failed. */
  end(record: InferenceRecord | undefined): void
}

type FailedCall = { readonly first: string; readonly atMs: number }

/** Beyond this the oldest failure is forgotten, and a repetition of it counts as a first attempt. */
const maxRemembered = 1_000

/** Longer than the retry delay of any SDK. */
const maxAgeMs = 120_000

/** Hashed at each end of a body: enough to recognise it, in less than 1 ms. */
const maxHashedBytes = 262_144

/**
 * A call repeats an earlier one when the client reports a retry (`x-stainless-retry-count`) or reuses its request
 * id, the earlier one has just failed, and both send the same request. The id alone is not enough: applications
 * send the id of their own incoming request with every call that it causes.
 */
export function createAttempts(clock: Clock): Attempts {
  // Expired on our own clock: lru-cache's ttl takes the time 0 for "never expires".
  const failed = leastRecentlyUsed<FailedCall>(maxRemembered)

  function firstOf(key: string): string | undefined {
    const known = failed.get(key)
    return known !== undefined && clock.monotonic() - known.atMs <= maxAgeMs ? known.first : undefined
  }

  function remember(key: string, first: string): void {
    failed.set(key, { first, atMs: clock.monotonic() })
  }

  return {
    begin(call, whole) {
      const body = whole && excerptOf(whole)
      const mayRepeat = call.retry > 0 || call.clientId !== undefined
      const first = mayRepeat && failed.size > 0 ? firstOf(keyOf(call, body)) : undefined
      return {
        call: first === undefined ? call : { ...call, attemptOf: first },
        end(record) {
          if (record !== undefined && record.ending !== 'completed' && record.ending !== 'running')
            remember(keyOf(call, body), first ?? call.id)
        },
      }
    },
  }
}

/** @property ends the body itself, or a hash of it */
type Excerpt = { readonly length: number; readonly ends: Buffer }

/** Up to here a body is cheaper to hold than to hash; only calls that fail need the hash. */
const smallBytes = 16_384

/** A large body is not held for as long as its call lasts. */
function excerptOf(body: Buffer): Excerpt {
  const { length } = body
  if (length <= smallBytes) return { length, ends: body }
  const hash = createHash('sha256').update(body.subarray(0, maxHashedBytes))
  if (length > maxHashedBytes) hash.update(body.subarray(-maxHashedBytes))
  return { length, ends: hash.digest() }
}

function keyOf({ method, upstream, route, context, clientId }: Call, body: Excerpt | undefined): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([method, upstream, route, context.threadId, clientId, body?.length]))
  if (body !== undefined) hash.update(body.ends)
  return hash.digest('base64')
}
