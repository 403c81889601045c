export type Backoff = { readonly baseMs: number; readonly maxMs: number }

/**
 * Exponential backoff with jitter: doubles with every failure up to a limit, and is random between half and all
 * of that, so that many that failed together do not retry together.
 * @param failures in a row before; 0 for the first wait
 * @returns milliseconds
 */
export function backoffMs(failures: number, { baseMs, maxMs }: Backoff, random = Math.random): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(failures, 30))
  return Math.round(ceiling * (0.5 + random() / 2))
}
