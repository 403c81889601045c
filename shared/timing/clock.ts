/** Time as a dependency, so that tests can control it. */
export type Clock = {
  /** Wall clock, milliseconds since 1970: for points in time. */
  now(): number
  /** Milliseconds on a clock that never jumps: for durations. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}
