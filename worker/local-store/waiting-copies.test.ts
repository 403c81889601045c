import { expect, test } from 'vitest'
import { sampleRecord } from '../../shared/admin/testing/sample-record.ts'
import { timelineKey } from './sublevels.ts'
import { createWaitingCopies } from './waiting-copies.ts'

const record = (id: string, bodyBytes = 0) =>
  sampleRecord({ id, response: { bodyBytes }, usage: { provenance: 'missing' } })

test('a record that comes by again is kept once, and once more with its estimated usage', () => {
  const waiting = createWaitingCopies(() => undefined)
  const estimated = { ...record('a'), usage: { provenance: 'estimated', input: 1 } as const }
  waiting.add([record('a'), record('b')])
  waiting.add([record('a'), estimated, estimated, record('a')])
  expect(waiting.take().records).toEqual([record('a'), record('b'), estimated])
  expect(waiting.isEmpty()).toBe(true)
})

test('the result of a generation is kept after the record that said it was running', () => {
  const waiting = createWaitingCopies(() => undefined)
  const running = { ...record('a'), ending: 'running' } as const
  const completed = { ...record('a'), completedBy: 'b', usage: { provenance: 'provider', input: 1 } } as const
  waiting.add([running])
  waiting.add([completed, completed, running])
  expect(waiting.take().records).toEqual([running, completed])
})

test('what is over a limit is left out and counted', () => {
  let dropped = 0
  const waiting = createWaitingCopies((records) => (dropped += records), {
    records: 3,
    bytes: 10_000,
    deliveries: 1,
  })
  waiting.add([record('a', 6_000), record('b', 6_000), record('c'), record('d'), record('e')])
  expect(dropped).toBe(2)
  expect(waiting.take().records.map(({ id }) => id)).toEqual(['a', 'c', 'd'])
  waiting.add([record('f', 6_000)])
  expect(dropped).toBe(2)
})

test('outcomes come after the records that they are about', () => {
  const waiting = createWaitingCopies(() => undefined)
  const records = Array.from({ length: 150 }, (_, n) => record(`${n}`))
  waiting.add(records)
  waiting.note({ key: timelineKey(record('149')), delivery: { state: 'delivered', at: 1 } })
  expect(waiting.take()).toMatchObject({ records: { length: 100 }, deliveries: [] })
  expect(waiting.take()).toMatchObject({ records: { length: 50 }, deliveries: { length: 1 } })
  expect(waiting.isEmpty()).toBe(true)
})

test('one write has no more than 4 MB, and at least one record', () => {
  const waiting = createWaitingCopies(() => undefined)
  waiting.add([
    record('a', 3_000_000),
    record('b', 1_000_000),
    record('c', 3_500_000),
    record('d', 9_000_000),
  ])
  const takenIds = () => waiting.take().records.map(({ id }) => id)
  expect([takenIds(), takenIds(), takenIds()]).toEqual([['a', 'b'], ['c'], ['d']])
})
