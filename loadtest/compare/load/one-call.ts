import type { Pool } from 'undici'

export type Seen = { readonly ok: boolean; readonly tookMs: number }

/** Makes the n-th call with a body, and hands on what comes back. */
export type MakeCall = (body: Buffer, n: number, onData?: (chunk: Buffer) => void) => Promise<Seen>

/**
 * Calls through a pool. undici's dispatch costs the driver the least of what keeps connections.
 * @returns makes one call; resolves once its answer has ended or failed, never rejects
 */
export function callsThrough(pool: Pool, path: string, more: readonly string[]): MakeCall {
  return (body, n, onData) => {
    const headers = ['content-type', 'application/json', 'authorization', 'Bearer sk-x']
    headers.push('x-thread-id', `t${n % 50}`, ...more)
    const begunAt = performance.now()
    return new Promise((resolve) => {
      let status = 0
      const end = (ok: boolean): void => resolve({ ok, tookMs: performance.now() - begunAt })
      pool.dispatch(
        { path, method: 'POST', headers, body },
        {
          onConnect: () => undefined,
          onHeaders(code) {
            status = code
            return true
          },
          onData(chunk) {
            onData?.(chunk)
            return true
          },
          onComplete: () => end(status === 200),
          onError: () => end(false),
        },
      )
    })
  }
}
