import { expect, test } from 'vitest'
import { createLookUps, type LookUpOutcome } from './look-ups.ts'
import type { ContextStore, Registered } from './store.ts'

const entry: Registered = { context: { userId: 'u' }, ttlMs: 1, refreshOnUse: false, expiresAt: 1 }

function lookUpsIn(use: ContextStore['use']) {
  const outcomes: LookUpOutcome[] = []
  const causes: unknown[] = []
  const store = { use, put: never, get: never, delete: never } as unknown as ContextStore
  const lookUps = createLookUps(store, {
    contextLookedUp: (outcome) => outcomes.push(outcome),
    contextStoreFailed: (cause) => causes.push(cause),
  })
  return { lookUps, outcomes, causes }
}

const never = () => Promise.reject(new Error('not asked for'))

test('what is in memory is there at once', () => {
  const { lookUps, outcomes } = lookUpsIn((id) => (id === 't' ? entry : undefined))
  expect(lookUps.find('t')).toEqual({ userId: 'u' })
  expect(lookUps.find('other')).toBeUndefined()
  expect(outcomes).toEqual(['hit', 'miss'])
})

test('a thread id that nothing can be registered for is not looked up', () => {
  const { lookUps, outcomes } = lookUpsIn(never)
  expect(lookUps.find('x'.repeat(1_001))).toBeUndefined()
  expect(outcomes).toEqual(['miss'])
})

test('a failure is a counted miss, and is told once until it works again', async () => {
  let works = false
  const { lookUps, outcomes, causes } = lookUpsIn(() =>
    works ? Promise.resolve(undefined) : Promise.reject(new Error('away')),
  )
  expect(await lookUps.find('t')).toBeUndefined()
  expect(await lookUps.find('t')).toBeUndefined()
  works = true
  await lookUps.find('t')
  works = false
  await lookUps.find('t')
  expect(outcomes).toEqual(['failed', 'failed', 'miss', 'failed'])
  expect(causes).toHaveLength(2)
})

test('while ten thousand wait for Redis no more are asked for', async () => {
  const answers: (() => void)[] = []
  const { lookUps, outcomes } = lookUpsIn(() => new Promise((resolve) => answers.push(() => resolve(entry))))
  const waiting = Array.from({ length: 10_000 }, () => lookUps.find('t'))
  expect(lookUps.find('t')).toBeUndefined()
  expect(outcomes).toEqual(['skipped'])
  for (const answer of answers) answer()
  await Promise.all(waiting)
  expect(lookUps.find('t')).toBeInstanceOf(Promise)
})

test('idle waits for what is under way and for what waited on it', async () => {
  let answer: (entry: Registered) => void = () => undefined
  const { lookUps } = lookUpsIn(
    () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  )
  const told: unknown[] = []
  const found = lookUps.find('t') as Promise<unknown>
  void found.then((context) => context).then((context) => told.push(context))
  const idle = lookUps.idle()
  answer(entry)
  await idle
  expect(told).toEqual([{ userId: 'u' }])
})
