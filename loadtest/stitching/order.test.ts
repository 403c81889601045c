import { expect, test } from 'vitest'
import type { RecordedRun } from '../../shared/recordings/recorded-runs.ts'
import { ordered, type orderNames } from './order.ts'

const recording = (file: string, calls: number): RecordedRun => ({
  file,
  calls: Array.from({ length: calls }, () => ({ api: 'chat', request: {}, status: 200 })),
})
const recordings = [recording('a', 3), recording('b', 1), recording('c', 2)]
const placesOf = (order: (typeof orderNames)[number], seed = 1) =>
  ordered(recordings, order, seed).map(({ recording: { file }, at }) => `${file}${at}`)

test('calls are played one recording after the other, or in turns', () => {
  expect(placesOf('sequential')).toEqual(['a0', 'a1', 'a2', 'b0', 'c0', 'c1'])
  expect(placesOf('round robin')).toEqual(['a0', 'b0', 'c0', 'a1', 'c1', 'a2'])
})

test('a shuffled order is that of its seed, and keeps the order within each recording', () => {
  expect(placesOf('shuffled', 7)).toEqual(placesOf('shuffled', 7))
  expect([...placesOf('shuffled', 7)].sort()).toEqual([...placesOf('sequential')].sort())
  for (const file of ['a', 'c']) {
    const own = placesOf('shuffled', 7).filter((place) => place.startsWith(file))
    expect(own).toEqual([...own].sort())
  }
})
