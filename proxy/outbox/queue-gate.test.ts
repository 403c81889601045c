import { expect, onTestFinished, test } from 'vitest'
import { createQueueGate } from './queue-gate.ts'
import type { Room } from './queue-room.ts'

const never = new AbortController().signal

test('as many packs pass as there is room for, and the others after the next look', async () => {
  const { gate } = open([{ packs: 2 }, { packs: 1 }, { packs: 0, trouble: 'packs_full' }, { packs: 1 }])
  for (let pack = 0; pack < 4; pack++) await gate.pass(never)
})

test('it tells of every change once, whoever found it', async () => {
  const { gate, told } = open([{ packs: 5 }, { packs: 5 }])
  await gate.pass(never)
  gate.shut('timed_out')
  gate.shut('timed_out')
  await gate.pass(never)
  expect(told).toEqual(['ready', 'timed_out', 'ready'])
})

test('who waits is let go when the signal aborts, or when the gate is stopped', async () => {
  const { gate } = open([{ packs: 0, trouble: 'disconnected' }])
  await expect(gate.pass(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  const waiting = gate.pass(never)
  gate.stop()
  await expect(waiting).rejects.toThrow()
})

/** A gate that finds these rooms, and from then on the last of them. */
function open(rooms: readonly Room[]) {
  const told: string[] = []
  let looks = 0
  const gate = createQueueGate({
    look: async () => rooms[Math.min(looks++, rooms.length - 1)] ?? { packs: 0 },
    events: { queueReady: () => told.push('ready'), queueUnavailable: (reason) => told.push(reason) },
    everyMs: 1,
    backoff: { baseMs: 1, maxMs: 1 },
  })
  gate.start()
  onTestFinished(gate.stop)
  return { gate, told }
}
