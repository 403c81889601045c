import { expect, test } from 'vitest'
import { putNumbers, silentSpool, testSpool } from '../testing/test-spool.ts'

test('what shares the limit gives way before a pack does', async () => {
  let beside = 3_000
  const dropped: number[] = []
  const spool = await testSpool({
    maxBytes: 4_000,
    beside: {
      bytes: () => beside,
      evict(bytes) {
        beside = Math.max(beside - bytes, 0)
      },
    },
    events: { ...silentSpool, dropped: (records) => dropped.push(records) },
  })
  for (let number = 1; spool.size().bytes + 3_000 < 4_000; number++) await putNumbers(spool, number)
  expect(dropped).toEqual([])
  expect(beside).toBeLessThan(3_000)
  expect(spool.size().bytes + beside).toBeLessThanOrEqual(4_000)
  for (let number = 100; dropped.length === 0; number++) await putNumbers(spool, number)
  expect(beside).toBe(0)
})
