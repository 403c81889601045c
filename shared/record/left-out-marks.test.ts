import { expect, test } from 'vitest'
import { countLeftOut, entriesMark, fieldsMark } from './left-out-marks.ts'

test('a mark says how many entries or fields it stands for, and no other text does', () => {
  expect([entriesMark(3), fieldsMark(12)].map(countLeftOut)).toEqual([3, 12])
  expect(['[more fields]', 'see [3 more entries]', '[3 more entries] below', ''].map(countLeftOut)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})
