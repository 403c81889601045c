import { expect, test } from 'vitest'
import { maxTotalHeldBytes } from './held-bytes.ts'

const mebibyte = 1_048_576

test('in a small container less is held of bodies than would fill it', () => {
  const limits = [64, 320, 768, 1_024, 16_384, Number.POSITIVE_INFINITY]
  expect(limits.map((limit) => maxTotalHeldBytes(limit * mebibyte) / mebibyte)).toEqual([
    16, 80, 192, 256, 256, 256,
  ])
})
