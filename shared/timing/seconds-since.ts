import type { Clock } from './clock.ts'

/** @param at ms since 1970, or undefined for nothing @returns seconds since then; 0 for nothing, and for what is to come */
export const secondsSince = (clock: Pick<Clock, 'now'>, at: number | undefined): number =>
  at === undefined ? 0 : Math.max(0, clock.now() - at) / 1_000
