/** Time as a part that is handed in, so that tests can hold it still. */
export type Clock = {
  /** Wall clock, milliseconds since 1970: when something happened. */
  now(): number
  /** Milliseconds on a clock that never jumps: how long something took. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}
