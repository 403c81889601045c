export type Backoff = { readonly baseMs: number; readonly maxMs: number }

/**
 * Doubles with every failure up to a limit; between half and all of it, so that many who failed together do
 * not come back together.
 * @param failures how often in a row it failed before; 0 for the first wait
 * @returns milliseconds
 */
export function backoffMs(failures: number, { baseMs, maxMs }: Backoff, random = Math.random): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(failures, 30))
  return Math.round(ceiling * (0.5 + random() / 2))
}
