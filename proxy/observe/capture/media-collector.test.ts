import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createMediaCollector, type MediaOmission } from './media-collector.ts'

const png = (bytes: number) =>
  Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(bytes - 8, bytes)])
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

function lend({ maxBytes = 1_000, memory = { left: 10_000 }, keeps = true } = {}) {
  const omitted: MediaOmission[] = []
  const kept = new Map<string, Buffer>()
  const collector = createMediaCollector({
    keep: (hash, bytes) => keeps && kept.set(hash, bytes).has(hash),
    release(hashes) {
      for (const hash of hashes) kept.delete(hash)
    },
    maxBytes,
    memory,
    onOmitted: (reason) => omitted.push(reason),
  })
  return { collector, omitted, kept, memory }
}

test('a medium that arrives in pieces is described and kept as a whole', () => {
  const { collector, kept, memory } = lend()
  const medium = collector.output.grow()
  const whole = png(100)
  for (let at = 0; at < 100; at += 7) medium.push(whole.subarray(at, at + 7))
  expect(memory.left).toBe(9_900)
  expect(medium.end('image/png')).toEqual({ mediaType: 'image/png', bytes: 100, sha256: sha256(whole) })
  expect(kept.get(sha256(whole))).toEqual(whole)
  expect(memory.left).toBe(10_000)
  expect(collector.collected()).toEqual([
    { field: 'output', mediaType: 'image/png', bytes: 100, sha256: sha256(whole) },
  ])
})

test.each([
  ['too_large', { maxBytes: 50 }],
  ['memory_full', { memory: { left: 50 } }],
] as const)('one that is %s is described, holds no memory, and is counted once', (reason, limits) => {
  const { collector, omitted, kept, memory } = lend(limits)
  const before = memory.left
  const medium = collector.input.grow()
  const whole = png(100)
  for (let at = 0; at < 100; at += 10) medium.push(whole.subarray(at, at + 10))
  expect(memory.left).toBe(before)
  expect(medium.end('image/png')).toMatchObject({ bytes: 100, sha256: sha256(whole) })
  expect(omitted).toEqual([reason])
  expect(kept.size).toBe(0)
})

test('what never ends gives its memory back', () => {
  const { collector, memory } = lend()
  collector.input.grow().push(png(100))
  collector.close()
  expect(memory.left).toBe(10_000)
})

test('what a call without a record kept is released', () => {
  const { collector, kept } = lend()
  const bytes = png(100)
  collector.input.take('image/png', sha256(bytes), bytes)
  collector.discard()
  expect(kept.size).toBe(0)
  expect(collector.collected()).toEqual([])
})

test('media of types that are no media, and more than any call has, are described only', () => {
  const { collector, omitted } = lend()
  collector.input.take('application/octet-stream', 'a', Buffer.from('anything'))
  for (let n = 10; n < 112; n++) collector.input.take('image/png', String(n), png(n))
  expect(collector.collected()).toHaveLength(100)
  expect(omitted).toEqual(['unsupported', 'too_many', 'too_many'])
})

test('what could not be kept is not in the record', () => {
  const { collector } = lend({ keeps: false })
  collector.input.take('image/png', 'a', png(100))
  expect(collector.collected()).toEqual([])
})
