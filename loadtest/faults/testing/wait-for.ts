import { setTimeout as pause } from 'node:timers/promises'
import { DeadlineExceeded, withDeadline } from '../../../shared/timing/deadline.ts'

/** A run comes to no end: its message says why, and where from is of no interest. */
export class WaitedInVain extends Error {
  override readonly name = 'WaitedInVain'
}

/** Longer than anything takes that a run waits for, on a busy machine too. */
const defaultPatienceMs = 60_000

/**
 * Polls until the condition holds: the only way in which a scenario may wait for the product.
 * @param what goes on after "waited 60 s for"; a function is asked when the time is up, and may say how far it came
 * @throws WaitedInVain with that sentence, once the time is up
 */
export async function waitFor(
  what: string | (() => string),
  condition: () => boolean | Promise<boolean>,
  patienceMs = defaultPatienceMs,
): Promise<void> {
  await orGiveUp(what, (signal) => poll(condition, signal), patienceMs)
}

/** The same for a promise. The task goes on when it is given up, unless it heeds the signal. */
export async function orGiveUp<T>(
  what: string | (() => string),
  task: (signal: AbortSignal) => Promise<T>,
  patienceMs = defaultPatienceMs,
): Promise<T> {
  const startedAt = performance.now()
  try {
    return await withDeadline(patienceMs, task)
  } catch (cause) {
    if (!(cause instanceof DeadlineExceeded)) throw cause
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0)
    throw new WaitedInVain(`waited ${seconds} s for ${typeof what === 'string' ? what : what()}`)
  }
}

async function poll(condition: () => boolean | Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await condition())) await pause(10)
}
