import { totalmem } from 'node:os'
import { expect, test } from 'vitest'
import { memoryLimit } from './memory-limit.ts'

test('there is a limit where it is below the memory of the machine', () => {
  expect(memoryLimit(0)).toBe(Number.POSITIVE_INFINITY)
  expect(memoryLimit(2 ** 64)).toBe(Number.POSITIVE_INFINITY)
  expect(memoryLimit(totalmem() - 1)).toBe(totalmem() - 1)
})
