import { expect, test } from 'vitest'
import { createPackIndex } from './pack-index.ts'
import { packKey, parsePackKey } from './pack-keys.ts'

const entry = (number: number) => ({ number, records: number, bytes: number * 10 })

test('a pack counts from the moment it is added, and can be taken once it is offered', () => {
  const index = createPackIndex()
  const pack = entry(3)
  index.add(pack)
  expect(index).toMatchObject({ records: 3, bytes: 30, waiting: 0 })
  expect(index.take()).toBeUndefined()
  index.offer(pack)
  expect(index.waiting).toBe(1)
  expect(index.take()).toBe(pack)
  expect(index).toMatchObject({ records: 3, bytes: 30, waiting: 0 })
  index.remove(pack)
  expect(index).toMatchObject({ records: 0, bytes: 0, waiting: 0 })
})

test('records are counted of packs that are newer than one, wherever they are', () => {
  const index = createPackIndex()
  const [old, arriving, waiting, published] = [entry(1), entry(2), entry(3), entry(4)]
  for (const pack of [old, arriving, waiting, published]) index.add(pack)
  index.offer(waiting)
  index.publish(published)
  expect(index.recordsAfter(1)).toBe(2 + 3 + 4)
  expect(index.recordsAfter(4)).toBe(0)
})

test('a pack is removed once, wherever it is', () => {
  const index = createPackIndex()
  const [held, waiting, published] = [entry(1), entry(2), entry(3)]
  for (const pack of [held, waiting, published]) index.add(pack)
  index.offer(waiting)
  index.publish(published)
  for (const pack of [held, held, published]) index.remove(pack)
  expect(index).toMatchObject({ records: 2, waiting: 1, publishedRecords: 0, publishedBytes: 0 })
  index.remove(waiting)
  expect(index).toMatchObject({ records: 0, bytes: 0, waiting: 0 })
})

test('a published pack counts apart, and what is known of it can change', () => {
  const index = createPackIndex(() => 5)
  const pack = entry(3)
  index.add(pack)
  index.publish(pack)
  expect(index).toMatchObject({ records: 0, bytes: 0, publishedRecords: 3, publishedBytes: 30 })
  index.replace({ ...pack, records: 2 })
  expect([...index.published()]).toEqual([{ entry: { ...pack, records: 2 }, sinceMs: 5 }])
  index.offer(pack)
  expect(index).toMatchObject({ records: 2, bytes: 30, waiting: 1, publishedRecords: 0 })
})

test('keys are those of waiting and of held packs', () => {
  const index = createPackIndex()
  for (const number of [1, 2, 3]) index.add(entry(number))
  const waiting = entry(4)
  index.add(waiting)
  index.offer(waiting)
  expect(index.keys()).toEqual(new Set([1, 2, 3, 4].map((number) => packKey(entry(number)))))
})

test('every offer ends the waits that began before it, and no others', async () => {
  const index = createPackIndex()
  const never = new AbortController().signal
  const waits = Promise.all([index.nextChange(never), index.nextChange(never)])
  index.offer(entry(1))
  await waits
  let ended = false
  void index.nextChange(never).then(() => {
    ended = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(ended).toBe(false)
  await index.nextChange(AbortSignal.abort())
})

test('the oldest pack is known wherever it stands in the line; one of unknown age is no answer', () => {
  const index = createPackIndex()
  expect(index.oldestAt()).toBeUndefined()
  const [unknown, old, young] = [entry(1), { ...entry(2), at: 1_000 }, { ...entry(3), at: 2_000 }]
  for (const pack of [unknown, young, old]) {
    index.add(pack)
    index.offer(pack)
  }
  expect(index.oldestAt()).toBe(1_000)
  for (let taken = 0; taken < 3; taken++) index.take()
  expect(index.oldestAt()).toBe(1_000)
  index.remove(old)
  expect(index.oldestAt()).toBe(2_000)
})

test('a key says when its records came, and is read without that too', () => {
  const at = 1_795_168_664_722
  for (const pack of [entry(7), { ...entry(7), at }, { ...entry(7), packed: 9, at }])
    expect(parsePackKey(packKey(pack))).toEqual(pack)
})
