import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRingMemory } from './ring.ts'
import { RingReader } from './ring-reader.ts'
import { RingWriter } from './ring-writer.ts'

type Frame = { readonly kind: number; readonly call: number; readonly at: number; readonly text: string }

function openRing(bytes: number) {
  const memory = createRingMemory(bytes)
  const [writer, reader] = [new RingWriter(memory), new RingReader(memory)]
  const readAll = (maxBytes?: number): Frame[] => {
    const frames: Frame[] = []
    reader.read(
      (kind, call, at, payload) => frames.push({ kind, call, at, text: payload.toString('latin1') }),
      maxBytes,
    )
    return frames
  }
  return { writer, reader, readAll }
}

test('frames come out as they went in, in order', () => {
  const { writer, readAll } = openRing(1024)
  expect(writer.write(1, 7, 1.5, Buffer.from('body'))).toBe(true)
  expect(writer.writeLatin1(2, -3, 2.25, 'é')).toBe(true)
  expect(writer.write(3, 8, 3, Buffer.alloc(0))).toBe(true)
  expect(readAll()).toEqual([
    { kind: 1, call: 7, at: 1.5, text: 'body' },
    { kind: 2, call: -3, at: 2.25, text: 'é' },
    { kind: 3, call: 8, at: 3, text: '' },
  ])
  expect(readAll()).toEqual([])
})

test('a full ring refuses, loses nothing that it took, and takes again what was read', () => {
  const { writer, readAll } = openRing(256)
  let taken = 0
  while (writer.writeLatin1(1, taken, 0, 'x'.repeat(20))) taken += 1
  expect(taken).toBe(5)
  expect(readAll().map(({ call }) => call)).toEqual([0, 1, 2, 3, 4])
  expect(writer.writeLatin1(1, 9, 0, 'x'.repeat(20))).toBe(true)
})

test('what leaves less than the spare bytes is refused, while what needs none still fits', () => {
  const { writer } = openRing(256)
  expect(writer.writeLatin1(1, 0, 0, 'x'.repeat(100), 200)).toBe(false)
  expect(writer.writeLatin1(1, 0, 0, 'x'.repeat(100))).toBe(true)
})

test('a reader that asks for little gets the rest the next time', () => {
  const { writer, readAll } = openRing(1024)
  for (let call = 0; call < 4; call++) writer.writeLatin1(1, call, 0, 'xxxx')
  expect(readAll(40)).toHaveLength(2)
  expect(readAll()).toHaveLength(2)
})

test('a frame that the visitor throws at is gone, and those behind it are still there', () => {
  const { writer, reader, readAll } = openRing(1024)
  writer.writeLatin1(1, 0, 0, 'a')
  writer.writeLatin1(1, 1, 0, 'b')
  const defect = () => {
    throw new Error('defect')
  }
  expect(() => reader.read(defect)).toThrow('defect')
  expect(readAll().map(({ call }) => call)).toEqual([1])
})

test('a sleeping reader is woken once, and does not fall asleep over frames', () => {
  const { writer, reader, readAll } = openRing(1024)
  expect(writer.takeSleeping()).toBe(false)
  expect(reader.sleep()).toBe(true)
  writer.writeLatin1(1, 0, 0, 'a')
  expect([writer.takeSleeping(), writer.takeSleeping()]).toEqual([true, false])
  expect(reader.sleep()).toBe(false)
  readAll()
  expect(reader.sleep()).toBe(true)
})

test('whatever is written and read in whatever order, every accepted frame comes out once, in order', () => {
  const step = fc.oneof(
    fc.record({ write: fc.nat(300) }),
    fc.record({ read: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(500)) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const { writer, readAll } = openRing(1024)
      const expected: string[] = []
      const found: string[] = []
      let call = 0
      for (const next of steps) {
        if ('read' in next) found.push(...readAll(next.read).map(({ text }) => text))
        else {
          const text = `${call}`.padEnd(next.write, '.')
          if (writer.writeLatin1(1, call++, 0, text)) expected.push(text)
        }
      }
      found.push(...readAll().map(({ text }) => text))
      expect(found).toEqual(expected)
    }),
  )
})

test('positions may pass 32 bits', () => {
  const { writer, readAll } = openRing(2 ** 24)
  const block = Buffer.alloc(2 ** 23)
  for (let call = 0; call < 1_100; call++) {
    expect(writer.write(1, call, 0, block)).toBe(true)
    expect(readAll()[0]?.call).toBe(call)
  }
}, 120_000)

test('who peeks sees each frame once and leaves it, and reading can stop where peeking did', () => {
  const { writer, reader } = openRing(256)
  const peeked: number[] = []
  const read: number[] = []
  const peek = (): number => reader.peek((_kind, call) => peeked.push(call))
  const readTo = (end: number): number => reader.read((_kind, call) => read.push(call), 60, end)
  let written = 0
  // Several times around the memory.
  for (let round = 0; round < 20; round++) {
    while (writer.writeLatin1(1, written, 0, 'x'.repeat(20))) written += 1
    peek()
    expect(readTo(peek())).toBeGreaterThan(0)
  }
  while (readTo(peek()) > 0);
  const end = peek()
  writer.writeLatin1(1, written++, 0, '')
  expect(readTo(end)).toBe(0)
  // A position that reading has passed already.
  expect(readTo(end - 100)).toBe(0)
  expect(readTo(peek())).toBeGreaterThan(0)
  expect(peeked).toEqual([...Array(written).keys()])
  expect(read).toEqual(peeked)
})
