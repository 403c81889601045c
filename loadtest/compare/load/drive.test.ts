import { expect, test } from 'vitest'
import { driveCalls, driveCrowd, type Observed } from './drive.ts'
import type { MakeCall } from './one-call.ts'

const nothingYet = (): Observed => ({ missed: 0, seen: [], frameAges: [], lags: [] })

test('calls that are due while too many are unanswered are left out and counted', async () => {
  const observed = nothingYet()
  const answers: (() => void)[] = []
  const make: MakeCall = (_, n) =>
    new Promise((resolve) => {
      answers.push(() => resolve({ ok: true, tookMs: 1 }))
      // The subject answers nothing before all calls were due.
      if (n === 0) untilAllWereDue().then(() => answers.forEach((answer) => void answer()))
    })
  const untilAllWereDue = async (): Promise<void> => {
    while (observed.lags.length < 10) await new Promise(setImmediate)
  }
  const load = {
    kind: 'calls',
    thinkMs: 0,
    perSecond: 2_000,
    total: 10,
    promptBytes: [100],
    mostOpen: 3,
  } as const
  await driveCalls(load, make, observed)
  expect(observed.seen).toHaveLength(3)
  expect(observed.missed).toBe(7)
})

test('large and small prompts take turns', async () => {
  const sizes: number[] = []
  const make: MakeCall = async (body) => {
    sizes.push(body.length)
    return { ok: true, tookMs: 1 }
  }
  const promptBytes = [500, 20_000]
  const load = { kind: 'calls', thinkMs: 0, perSecond: 2_000, total: 4, promptBytes, mostOpen: 9 } as const
  await driveCalls(load, make, nothingYet())
  expect(sizes.map((bytes) => bytes > 10_000)).toEqual([false, true, false, true])
})

test('a crowd makes as many calls as asked for, and never more at once', async () => {
  let [open, most] = [0, 0]
  const make: MakeCall = async () => {
    most = Math.max(most, ++open)
    await new Promise(setImmediate)
    open--
    return { ok: true, tookMs: 1 }
  }
  const observed = nothingYet()
  await driveCrowd({ kind: 'crowd', thinkMs: 0, total: 25, atOnce: 4, promptBytes: 100 }, make, observed)
  expect(observed.seen).toHaveLength(25)
  expect(most).toBe(4)
})
