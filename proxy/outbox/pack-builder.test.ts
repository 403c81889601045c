import { expect, onTestFinished, test, vi } from 'vitest'
import { createPackBuilder, type PackLimits } from './pack-builder.ts'

test('a pack is closed when it has its number of records, or its bytes', () => {
  const { builder, packs } = create({ packRecords: 3, packBytes: 100 })
  for (const record of ['a', 'b', 'c', 'd']) builder.add(record, 10)
  expect(packs).toEqual([[['a', 'b', 'c'], 30]])
  expect(builder.records()).toBe(1)
  builder.add('e', 90)
  expect(packs[1]).toEqual([['d', 'e'], 100])
  expect(builder.records()).toBe(0)
})

test('a record that does not fit begins the next pack, and one larger than a pack is a pack', () => {
  const { builder, packs } = create({ packRecords: 10, packBytes: 100 })
  builder.add('a', 60)
  builder.add('b', 60)
  builder.add('huge', 1_000)
  expect(packs).toEqual([
    [['a'], 60],
    [['b'], 60],
    [['huge'], 1_000],
  ])
})

test('the first record of a pack waits for others as long as it may, and no longer', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { builder, packs } = create({ lingerMs: 250 })
  builder.add('a', 1)
  vi.advanceTimersByTime(200)
  builder.add('b', 1)
  vi.advanceTimersByTime(49)
  expect(packs).toEqual([])
  vi.advanceTimersByTime(1)
  expect(packs).toEqual([[['a', 'b'], 2]])

  builder.add('c', 1)
  vi.advanceTimersByTime(100)
  builder.closePack()
  builder.add('d', 1)
  vi.advanceTimersByTime(249)
  expect(packs.length).toBe(2)
  vi.advanceTimersByTime(1)
  expect(packs.length).toBe(3)
  expect(vi.getTimerCount()).toBe(0)
})

test('closing an empty pack passes nothing on', () => {
  const { builder, packs } = create({})
  builder.closePack()
  expect(packs).toEqual([])
})

function create(limits: Partial<PackLimits>) {
  const packs: [readonly string[], number][] = []
  const builder = createPackBuilder<string>(
    { packRecords: 50, packBytes: 1_000, lingerMs: 1e6, ...limits },
    (...pack) => packs.push(pack),
  )
  onTestFinished(builder.closePack)
  return { builder, packs }
}
