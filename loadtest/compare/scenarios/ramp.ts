/** One rate that was tried. */
export type Step = { readonly perSecond: number; readonly isHeld: boolean }

const lowest = 400
const factor = 2
/** Beyond this the driver would be what is measured. */
const last = 16_000
const refinements = 3

/**
 * Which rate to try next: up in large steps until one is not held, then into the middle.
 * @param first where to begin
 * @returns undefined when it is known well enough
 */
export function nextRate(steps: readonly Step[], first = lowest): number | undefined {
  const held = sustained(steps)
  const tooMuch = Math.min(...steps.filter(({ isHeld }) => !isHeld).map(({ perSecond }) => perSecond))
  if (steps.length === 0) return first
  if (tooMuch === Number.POSITIVE_INFINITY)
    return held * factor > last ? undefined : Math.round(held * factor)
  const stepsAfter = steps.length - 1 - steps.findIndex(({ isHeld }) => !isHeld)
  return stepsAfter < refinements ? Math.round((held + tooMuch) / 2) : undefined
}

/** The highest rate that was held; 0 where none was. */
export const sustained = (steps: readonly Step[]): number =>
  Math.max(0, ...steps.filter(({ isHeld }) => isHeld).map(({ perSecond }) => perSecond))

/** At its end: half of the calls take longer than 20 ms, or one in fifty is not answered in time or at all. */
export const isHeld = (step: {
  readonly medianMs: number
  readonly answered: number
  readonly due: number
}): boolean => step.medianMs <= 20 && step.answered >= step.due * 0.98
