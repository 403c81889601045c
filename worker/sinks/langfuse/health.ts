import { type Dispatcher, request } from 'undici'
import { isJsonObject, parseJson } from '../../../shared/json.ts'
import { unreachable } from '../http-verdict.ts'
import { type Delivery, failed } from '../sink.ts'

/** The server's version, or what its absence means for whatever was to be sent. */
export type Health = { readonly version: string } | { readonly verdict: Delivery }

/** Asks `GET /api/public/health`. Rejects only when the signal aborts. */
export async function askHealth(
  baseUrl: string,
  signal: AbortSignal,
  dispatcher?: Dispatcher,
): Promise<Health> {
  try {
    const { statusCode, body } = await request(`${baseUrl}/api/public/health`, {
      signal,
      ...(dispatcher === undefined ? {} : { dispatcher }),
    })
    return readHealth(statusCode, await body.text())
  } catch (cause) {
    if (signal.aborted) throw cause
    return { verdict: unreachable(cause) }
  }
}

/** A server whose database is away answers 503, and tells its version all the same. */
function readHealth(status: number, text: string): Health {
  const answer = parseJson(text)
  if (isJsonObject(answer) && typeof answer.version === 'string') return { version: answer.version }
  const reason = `health check: HTTP ${status} without a version`
  return { verdict: failed({ kind: status === 429 || status >= 500 ? 'retryable' : 'held', reason }) }
}
