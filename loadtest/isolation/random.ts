/** Seeded random values, so that a run can be repeated. */
export type Random = {
  /** @returns a whole number, both bounds included */
  integer(min: number, max: number): number
  /** @returns true with that probability, 0 to 1 */
  chance(probability: number): boolean
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
    integer: (min, max) => min + (next() % (max - min + 1)),
    chance: (probability) => next() < probability * 2 ** 32,
    hex8: () => next().toString(16).padStart(8, '0'),
  }
}
