import { expect, test } from 'vitest'
import { createLookUps, type LookUpOutcome } from './look-ups.ts'
import type { ContextStore, Registered } from './store.ts'

const entry: Registered = { context: { userId: 'u' }, ttlMs: 1, refreshOnUse: false, expiresAt: 1 }

function lookUpIn(use: ContextStore['use']) {
  const outcomes: LookUpOutcome[] = []
  const causes: unknown[] = []
  const found: string[] = []
  const store = { use, put: never, get: never, delete: never } as unknown as ContextStore
  const lookUp = createLookUps(store, {
    contextLookedUp: (outcome) => outcomes.push(outcome),
    contextStoreFailed: (cause) => causes.push(cause),
    contextFound: (threadId) => found.push(threadId),
  })
  return { lookUp, outcomes, causes, found }
}

const never = () => Promise.reject(new Error('unexpected call'))

test('a context in memory is returned at once', () => {
  const { lookUp, outcomes } = lookUpIn((id) => (id === 't' ? entry : undefined))
  expect(lookUp('t')).toEqual({ userId: 'u' })
  expect(lookUp('other')).toBeUndefined()
  expect(outcomes).toEqual(['hit', 'miss'])
})

test('a thread id that cannot be registered is not looked up', () => {
  const { lookUp, outcomes } = lookUpIn(never)
  expect(lookUp('x'.repeat(1_001))).toBeUndefined()
  expect(outcomes).toEqual(['miss'])
})

test('failures are counted as such, and reported once until a look-up works again', async () => {
  let works = false
  const { lookUp, outcomes, causes } = lookUpIn(() =>
    works ? Promise.resolve(undefined) : Promise.reject(new Error('away')),
  )
  expect(await lookUp('t')).toBeUndefined()
  expect(await lookUp('t')).toBeUndefined()
  works = true
  await lookUp('t')
  works = false
  await lookUp('t')
  expect(outcomes).toEqual(['failed', 'failed', 'miss', 'failed'])
  expect(causes).toHaveLength(2)
})

test('while ten thousand look-ups are pending further ones are skipped', async () => {
  const replies: (() => void)[] = []
  const { lookUp, outcomes } = lookUpIn(() => new Promise((resolve) => replies.push(() => resolve(entry))))
  const pending = Array.from({ length: 10_000 }, () => lookUp('t'))
  expect(lookUp('t')).toBeUndefined()
  expect(outcomes).toEqual(['skipped'])
  for (const reply of replies) reply()
  await Promise.all(pending)
  expect(lookUp('t')).toBeInstanceOf(Promise)
})

test('what is found is announced once, and again when it has changed', () => {
  let registered = entry
  const { lookUp, found } = lookUpIn(() => registered)
  lookUp('t')
  lookUp('t')
  lookUp('u')
  registered = { ...entry, context: { userId: 'v' } }
  lookUp('t')
  expect(found).toEqual(['t', 'u', 't'])
})
