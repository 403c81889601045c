import type { Clock } from '../../shared/timing/clock.ts'
import { type Kept, keptSteps } from '../tape/kept.ts'

/** How busy the process is. */
export type Load = {
  /** By how many ms the relay's timers were late lately. */
  readonly loopDelayMs: number
  /** Share of the tape that the recorder has not read yet: 0 to 1. */
  readonly tapeFill: number
  /** Share of the memory that the process may use: 0 to 1, and 0 where there is no limit or it does not rise. */
  readonly memoryShare: number
}

type Signal = keyof Load

/** What a change is due to, for the log. `signal` is the one that asks for most. */
export type SheddingChange = { readonly kept: Kept; readonly signal: Signal; readonly load: Load }

export type SheddingOptions = {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly onChange: (change: SheddingChange) => void
}

/**
 * From which value on a signal asks for each step. Bodies alone fill at most seven eighths of the tape. A late loop costs
 * no call its record: with nothing but metadata left, recording takes next to none of its time.
 */
const enter: Readonly<Record<Signal, readonly number[]>> = {
  loopDelayMs: [100, 300],
  tapeFill: [0.5, 0.75, 0.95],
  memoryShare: [0.8, 0.85, 0.9],
}

/** A step that was taken is held down to this share of the value that asks for it. */
const leaveShare: Readonly<Record<Signal, number>> = { loopDelayMs: 0.5, tapeFill: 0.5, memoryShare: 0.95 }

/** A burst, or one long collection of garbage, is over before that. Memory has no such patience: a second may take all of it. */
const riseMs: Readonly<Record<Signal, number>> = { loopDelayMs: 1_000, tapeFill: 1_000, memoryShare: 0 }
const fallMs = 5_000

/**
 * Decides what is kept of calls while the process cannot keep up: one step less for each second that it goes on, or at each look
 * while memory runs short; one more for each five seconds of ease. It has no timers: somebody looks at the load now and then.
 */
export function createShedding({ clock, onChange }: SheddingOptions): (load: Load) => void {
  let step = 0
  let risingSince: number | undefined
  let fallingSince: number | undefined

  function change(by: 1 | -1, signal: Signal, load: Load): void {
    step += by
    risingSince = undefined
    fallingSince = undefined
    onChange({ kept: keptSteps[step] as Kept, signal, load })
  }

  return (load) => {
    const now = clock.monotonic()
    const [asked, signal] = most((one) => stepOf(load[one], enter[one]))
    const [held, holder] = most((one) => stepOf(load[one] / leaveShare[one], enter[one]))
    risingSince = asked > step ? (risingSince ?? now) : undefined
    fallingSince = held < step ? (fallingSince ?? now) : undefined
    if (risingSince !== undefined && now - risingSince >= riseMs[signal]) change(1, signal, load)
    else if (fallingSince !== undefined && now - fallingSince >= fallMs) change(-1, holder, load)
  }
}

const signals = Object.keys(enter) as Signal[]

function most(stepFor: (signal: Signal) => number): readonly [step: number, signal: Signal] {
  return signals
    .map((signal) => [stepFor(signal), signal] as const)
    .reduce((highest, next) => (next[0] > highest[0] ? next : highest))
}

const stepOf = (value: number, limits: readonly number[]): number =>
  limits.filter((limit) => value >= limit).length
