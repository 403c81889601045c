/** By how much a loop has been late lately, in ms. */
export type LoopLateness = {
  /** @param ms by which one look was late */
  observe(ms: number): void
  lately(): number
}

/** A machine that was asleep, or one long block, says little about the load. */
const maxMs = 500

/** Weight of each new value in the moving mean, which covers about the last twenty looks. */
const weight = 0.05

/** An exponential mean: looks are 20 ms apart where the loop is on time, and further where it is not. */
export function createLoopLateness(): LoopLateness {
  let mean = 0
  return {
    observe(ms) {
      mean += (Math.min(ms, maxMs) - mean) * weight
    },
    lately: () => mean,
  }
}
