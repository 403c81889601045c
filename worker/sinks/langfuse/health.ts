import { type Dispatcher, request } from 'undici'
import { connectionFailed } from '../http-verdict.ts'
import { failed, type Verdict } from '../sink.ts'
import { versionInHealth } from './server-version.ts'

/** The server's version as it spells it, or the verdict on the batch that had to wait for it. */
export type Health = { readonly version: string } | { readonly verdict: Verdict }

/** `GET /api/public/health`. Rejects only when the signal aborts. */
export async function fetchHealth(
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
    return { verdict: connectionFailed(cause) }
  }
}

/** A server whose database is down responds with 503, yet includes its version. */
function readHealth(status: number, body: string): Health {
  const version = versionInHealth(body)
  if (version !== undefined) return { version }
  const reason = `health check: HTTP ${status} without a version`
  return { verdict: failed({ kind: status === 429 || status >= 500 ? 'retryable' : 'held', reason }) }
}
