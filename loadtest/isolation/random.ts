/** A source of numbers that a seed repeats, so that a run that found something can be made again. */
export type Random = {
  /** @returns a whole number, `from` and `to` included */
  between(from: number, to: number): number
  /** @param share 0 to 1 */
  chance(share: number): boolean
  /** @returns eight lower-case hex characters */
  hex8(): string
}

/** @param seed any whole number (mulberry32: 32 bits of state, enough to mix a few thousand calls) */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  return {
    between: (from, to) => from + (next() % (to - from + 1)),
    chance: (share) => next() < share * 2 ** 32,
    hex8: () => next().toString(16).padStart(8, '0'),
  }
}
