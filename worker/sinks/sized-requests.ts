import type { Verdict } from './sink.ts'
import { failed, forAll } from './sink.ts'

type Transport<T> = (items: readonly T[], signal: AbortSignal) => Promise<readonly Verdict[]>

/**
 * Spreads the mapped records of a batch over requests of a limited size, because a record may be several times as large on
 * the wire as it was when its batch was closed. An item that is too large by itself has a request of its own. After a
 * request that failed as a whole no further one is sent.
 * @param maxBytes of the items of a request, as JSON
 */
export function sizedRequests<T>(maxBytes: number, transport: Transport<T>): Transport<T> {
  return async (items, signal) => {
    const verdicts: Verdict[] = []
    let last: readonly Verdict[] = []
    for (const group of groupsWithin(maxBytes, items)) {
      const [obstacle] = last
      if (obstacle !== undefined && last.every(isObstacle)) last = forAll(group, obstacle)
      else {
        try {
          last = await transport(group, signal)
        } catch (cause) {
          // What was delivered before stays so: only the rest is sent again.
          if (!signal.aborted || verdicts.length === 0) throw cause
          last = forAll(group, aborted)
        }
      }
      verdicts.push(...group.map((_, n) => last[n] ?? noVerdict))
    }
    return verdicts
  }
}

const aborted = failed({ kind: 'retryable', reason: 'aborted' })
const noVerdict = failed({ kind: 'retryable', reason: 'no verdict' })

function groupsWithin<T>(maxBytes: number, items: readonly T[]): readonly (readonly T[])[] {
  const groups: T[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item))
    if (bytes + size > maxBytes) {
      groups.push([])
      bytes = 0
    }
    groups.at(-1)?.push(item)
    bytes += size
  }
  return groups
}

/** Too many requests, wrong keys, a server that is away: the next request would get the same. */
const isObstacle = (verdict: Verdict): boolean =>
  !verdict.ok && (verdict.fault.kind === 'retryable' || verdict.fault.kind === 'held')
