/** Chance that repeats itself: equal seeds give equal sequences, on every machine. */
export type Random = {
  /** @returns a whole number from `least` up to and including `most` */
  within(least: number, most: number): number
  /** @returns true in that share of all cases */
  chance(share: number): boolean
  pick<T>(from: readonly T[]): T
  bytes(length: number): Buffer
}

/** @param seeds any whole numbers; together they name the sequence */
export function createRandom(...seeds: readonly number[]): Random {
  let state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) ^ (mixed >>> 15), 0x2545f491)

  // Mulberry32 (Tommy Ettinger): 32 bits of state, passes the usual tests of randomness.
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  const within = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  return {
    within,
    chance: (share) => next() < share,
    pick: (from) => from[within(0, from.length - 1)] as (typeof from)[number],
    bytes: (length) => Buffer.from(Array.from({ length }, () => within(0, 255))),
  }
}
