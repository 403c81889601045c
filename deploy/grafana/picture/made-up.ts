/** Numbers for a picture: no measurement, and the same at every run. */
export type MadeUp = {
  /** A line's points between 0 and 1, over the width of a panel; each line lies above the one before it. */
  line(index: number): readonly number[]
  /** A number for a panel that shows one. */
  value(index: number): number
}

const points = 48

/** @param seed the panel's title @param scale below 1 for what is small where all is well */
export function madeUp(seed: string, scale: number): MadeUp {
  function line(index: number): readonly number[] {
    const random = generator(`${seed}${index}`)
    const level = 0.22 + 0.2 * index + 0.08 * random()
    const swing = 0.03 + 0.05 * random()
    const phase = 6 * random()
    return Array.from({ length: points }, (_, at) => {
      const wave = swing * Math.sin(phase + at / 6)
      return scale * Math.min(0.95, Math.max(0.03, level + wave + 0.05 * (random() - 0.5)))
    })
  }
  return { line, value: (index) => scale * (0.2 + 0.7 * generator(`${seed}#${index}`)()) }
}

/** Park and Miller's generator (CACM 31, 1988): small, and the same everywhere. */
function generator(seed: string): () => number {
  let state =
    [...seed].reduce((hash, char) => (hash * 31 + (char.codePointAt(0) ?? 0)) % 2_147_483_646, 7) + 1
  const next = (): number => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  // Similar seeds begin alike.
  for (let skipped = 0; skipped < 5; skipped++) next()
  return next
}
