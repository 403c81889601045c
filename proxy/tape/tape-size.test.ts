import { expect, test } from 'vitest'
import { tapeBytes } from './tape-size.ts'

const mebibyte = 1_048_576

test('the tape is small in a small container', () => {
  const limits = [64, 256, 500, 512, 1_024, 16_384, Number.POSITIVE_INFINITY]
  expect(limits.map((limit) => tapeBytes(limit * mebibyte) / mebibyte)).toEqual([4, 8, 8, 16, 32, 32, 32])
})
