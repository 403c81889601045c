import { expect, test } from 'vitest'
import { leastRecentlyUsed } from './least-recently-used.ts'

test('beyond the limit the least recently used entry goes, and is said to', () => {
  const gone: string[] = []
  const entries = leastRecentlyUsed<number>(2, { dispose: (_value, key) => void gone.push(key) })
  entries.set('a', 1)
  entries.set('b', 2)
  entries.get('a')
  entries.set('c', 3)
  expect([...entries.keys()]).toEqual(['c', 'a'])
  expect(gone).toEqual(['b'])
})

test('the limit takes no memory before there are entries', () => {
  const entries = leastRecentlyUsed<number>(2 ** 40)
  entries.set('a', 1)
  expect(entries.get('a')).toBe(1)
})
