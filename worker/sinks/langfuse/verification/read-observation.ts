import { type Dispatcher, request } from 'undici'
import { isJsonObject, parseJson } from '../../../../shared/json.ts'
import type { Expected, ReadObservation } from './expected.ts'

/** What the server said about one observation. */
export type Reading =
  | { readonly kind: 'read'; readonly observation: ReadObservation }
  /** Not there, or not yet. */
  | { readonly kind: 'absent' }
  /** It could not be asked. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs?: number }

export type ReadTarget = {
  readonly baseUrl: string
  readonly authorization: string
  readonly dispatcher?: Dispatcher
}

/** Rejects only when the signal aborts. */
export type ReadObservationOf = (expected: Expected, signal: AbortSignal) => Promise<Reading>

type Version = 'v1' | 'v2'

const paths: Readonly<Record<Version, string>> = {
  v1: '/api/public/observations',
  v2: '/api/public/v2/observations',
}
/** By name, since which ones come unasked is not documented. */
const fields: Readonly<Record<Version, string>> = { v1: '', v2: '&fields=core,basic,time,io,usage' }

/** How much earlier and later than its start an observation is looked for: a page shows 50 of a trace. */
const aroundMs = 1_000

/**
 * Reads an observation over the API that the server has: `GET /api/public/observations` of versions 2 and 3, which version 4
 * answers with 404, and `GET /api/public/v2/observations` of version 4. Version 4 in dual mode has both, and shows what is new
 * in the older one first.
 */
export function observationReader({ baseUrl, authorization, dispatcher }: ReadTarget): ReadObservationOf {
  let version: Version = 'v1'

  async function ask(expected: Expected, of: Version, signal: AbortSignal): Promise<Answer> {
    const from = new Date(expected.startedAt - aroundMs).toISOString()
    const to = new Date(expected.startedAt + aroundMs).toISOString()
    const query = `?traceId=${expected.traceId}&fromStartTime=${from}&toStartTime=${to}&limit=50${fields[of]}`
    const { statusCode, headers, body } = await request(`${baseUrl}${paths[of]}${query}`, {
      signal,
      headers: { authorization },
      ...(dispatcher !== undefined && { dispatcher }),
    })
    return { status: statusCode, retryAfter: Number(headers['retry-after']), text: await body.text() }
  }

  return async (expected, signal) => {
    try {
      const first = await ask(expected, version, signal)
      if (first.status !== 404) return readingOf(first, expected)
      // The server was upgraded, or was never asked before.
      const other: Version = version === 'v1' ? 'v2' : 'v1'
      const second = await ask(expected, other, signal)
      if (second.status !== 404) version = other
      return readingOf(second, expected)
    } catch (cause) {
      if (signal.aborted) throw cause
      return { kind: 'failed', reason: cause instanceof Error ? cause.message : String(cause) }
    }
  }
}

type Answer = { readonly status: number; readonly retryAfter: number; readonly text: string }

function readingOf({ status, retryAfter, text }: Answer, { id }: Expected): Reading {
  if (status !== 200) {
    const reason = `reading answered ${status}`
    return retryAfter > 0
      ? { kind: 'failed', reason, retryAfterMs: retryAfter * 1_000 }
      : { kind: 'failed', reason }
  }
  const body = parseJson(text)
  const rows = isJsonObject(body) && Array.isArray(body.data) ? body.data.filter(isJsonObject) : []
  const observation = rows.find((row) => row.id === id)
  return observation === undefined ? { kind: 'absent' } : { kind: 'read', observation }
}
