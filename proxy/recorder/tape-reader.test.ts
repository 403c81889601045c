import { expect, onTestFinished, test, vi } from 'vitest'
import { createRingMemory } from '../tape/ring.ts'
import { RingReader } from '../tape/ring-reader.ts'
import { RingWriter } from '../tape/ring-writer.ts'
import { createTapeReader } from './tape-reader.ts'

function openTape() {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const memory = createRingMemory(1024)
  const writer = new RingWriter(memory)
  const calls: number[] = []
  const tape = createTapeReader({
    ring: new RingReader(memory),
    visit: (_kind, call) => calls.push(call),
    onRead: () => undefined,
  })
  const write = (call: number) => writer.writeLatin1(1, call, 0, 'x')
  return { tape, writer, calls, write }
}

test('reads what gathers on the tape, again and again', async () => {
  const { tape, calls, write } = openTape()
  tape.start?.()
  write(1)
  write(2)
  expect(calls).toEqual([])
  await vi.advanceTimersByTimeAsync(50)
  write(3)
  await vi.advanceTimersByTimeAsync(50)
  expect(calls).toEqual([1, 2, 3])
})

test('sleeps when nothing has come for long, and says so once', async () => {
  const { tape, writer } = openTape()
  tape.start?.()
  expect(writer.takeSleeping()).toBe(false)
  await vi.advanceTimersByTimeAsync(50 * 20)
  expect(vi.getTimerCount()).toBe(0)
  expect([writer.takeSleeping(), writer.takeSleeping()]).toEqual([true, false])
})

test('reads on when it is woken, and a second wake-up changes nothing', async () => {
  const { tape, calls, write } = openTape()
  tape.start?.()
  await vi.advanceTimersByTimeAsync(50 * 20)
  write(1)
  tape.wake()
  tape.wake()
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(50)
  expect(calls).toEqual([1])
})

test('drains at once, and reads to the end when it stops', () => {
  const { tape, calls, write } = openTape()
  tape.start?.()
  write(1)
  tape.drain()
  expect(calls).toEqual([1])
  write(2)
  void tape.stop?.(new AbortController().signal)
  expect(calls).toEqual([1, 2])
  expect(vi.getTimerCount()).toBe(0)
})

test('all that is on the tape is in the journal before any of it is read', async () => {
  const memory = createRingMemory(1024)
  const writer = new RingWriter(memory)
  const seen: string[] = []
  let finishWriting: (isSafe: boolean) => void = () => undefined
  const written = (): Promise<boolean> =>
    new Promise((resolve) => {
      finishWriting = resolve
    })
  const tape = createTapeReader({
    ring: new RingReader(memory),
    onRead: () => undefined,
    journal: { visit: (_kind, call) => seen.push(`journal ${call}`), written },
    visit: (_kind, call) => seen.push(`read ${call}`),
  })
  for (const call of [1, 2]) writer.writeLatin1(1, call, 0, 'x')
  const caughtUp = tape.catchUp()
  writer.writeLatin1(1, 3, 0, 'x')
  expect(seen).toEqual(['journal 1', 'journal 2'])
  finishWriting(true)
  await caughtUp
  expect(seen).toEqual(['journal 1', 'journal 2', 'journal 3', 'read 1', 'read 2'])

  // What must not be overtaken is read at once.
  tape.drain()
  expect(seen.at(-1)).toBe('read 3')
})

test('what the journal could not write is read all the same, and the relay is not told that it is safe', async () => {
  const memory = createRingMemory(1024)
  const writer = new RingWriter(memory)
  const read: number[] = []
  let isWritten = true
  const tape = createTapeReader({
    ring: new RingReader(memory),
    onRead: () => undefined,
    journal: { visit: () => undefined, written: async () => isWritten },
    visit: (_kind, call) => read.push(call),
  })
  writer.writeLatin1(1, 1, 0, 'x')
  await tape.catchUp()
  isWritten = false
  writer.writeLatin1(1, 2, 0, 'x')
  await tape.catchUp()
  expect(read).toEqual([1, 2])
  expect(writer.safeFrames).toBe(1)
})
