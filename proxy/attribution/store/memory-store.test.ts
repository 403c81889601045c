import { expect, test } from 'vitest'
import { stillClock } from '../../../shared/testing/still-clock.ts'
import { createMemoryStore, type MemoryLimits } from './memory-store.ts'
import type { Registration } from './store.ts'

function aStore(limits?: MemoryLimits) {
  const clock = stillClock()
  let evicted = 0
  const store = createMemoryStore({ clock, ...(limits && { limits }), onEvicted: () => evicted++ })
  return { clock, store, evicted: () => evicted }
}

const registration = (changes: Partial<Registration> = {}): Registration => ({
  context: { userId: 'u' },
  ttlMs: 1_000,
  refreshOnUse: false,
  ...changes,
})

test('a context is there until it expires', async () => {
  const { clock, store } = aStore()
  await store.put('t', registration())
  clock.advance(999)
  expect(store.use('t')?.context).toEqual({ userId: 'u' })
  clock.advance(1)
  expect(store.use('t')).toBeUndefined()
  expect(await store.get('t')).toBeUndefined()
  expect(await store.delete('t')).toBe(false)
})

test('a use restarts the lifetime where refreshOnUse is set; get does not', async () => {
  const { clock, store } = aStore()
  await store.put('t', registration({ refreshOnUse: true }))
  clock.advance(900)
  store.use('t')
  clock.advance(900)
  expect(await store.get('t')).toBeDefined()
  clock.advance(100)
  expect(await store.get('t')).toBeUndefined()
})

test('registering again replaces the context and its lifetime', async () => {
  const { clock, store } = aStore()
  await store.put('t', registration())
  clock.advance(900)
  await store.put('t', registration({ context: { sessionId: 's' } }))
  clock.advance(900)
  expect(store.use('t')?.context).toEqual({ sessionId: 's' })
})

test('the least recently used context is evicted and counted', async () => {
  const { store, evicted } = aStore({ entries: 2, bytes: 10_000 })
  await store.put('a', registration())
  await store.put('b', registration())
  store.use('a')
  await store.put('c', registration())
  expect(['a', 'b', 'c'].map((id) => store.use(id) !== undefined)).toEqual([true, false, true])
  expect(evicted()).toBe(1)
})

test('large contexts are evicted by their size', async () => {
  const { store, evicted } = aStore({ entries: 100, bytes: 10_000 })
  const large = registration({ context: { metadata: { text: 'x'.repeat(6_000) } } })
  await store.put('a', large)
  await store.put('b', large)
  expect(store.use('a')).toBeUndefined()
  expect(evicted()).toBe(1)
})

test('a deleted context is not found', async () => {
  const { store, evicted } = aStore()
  await store.put('t', registration())
  expect(await store.delete('t')).toBe(true)
  expect(store.use('t')).toBeUndefined()
  expect(evicted()).toBe(0)
})
