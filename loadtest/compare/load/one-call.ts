import type { Pool } from 'undici'

export type Seen = { readonly ok: boolean; readonly tookMs: number }

/**
 * Makes one call. undici's dispatch costs the driver the least of what keeps connections.
 * @returns resolves once the answer has ended or failed, never rejects
 */
export function call(
  pool: Pool,
  path: string,
  body: Buffer,
  n: number,
  onData?: (chunk: Buffer) => void,
): Promise<Seen> {
  const begunAt = performance.now()
  return new Promise((resolve) => {
    let status = 0
    const end = (ok: boolean): void => resolve({ ok, tookMs: performance.now() - begunAt })
    pool.dispatch(
      {
        path,
        method: 'POST',
        headers: [
          'content-type',
          'application/json',
          'authorization',
          'Bearer sk-x',
          'x-thread-id',
          `t${n % 50}`,
        ],
        body,
      },
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
