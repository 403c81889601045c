import { expect, onTestFinished, test } from 'vitest'
import { createQueueGate } from './queue-gate.ts'
import type { Room } from './queue-room.ts'

const never = new AbortController().signal

test('as many packs pass as there is room for, and the others after the next check', async () => {
  const { gate } = open([{ packs: 2 }, { packs: 1 }, { packs: 0, trouble: 'packs_full' }, { packs: 1 }])
  for (let pack = 0; pack < 4; pack++) await gate.pass(never)
})

test('a queue that never was there is reported, by every check', async () => {
  const { reported } = open([{ packs: 0, trouble: 'disconnected' }])
  await expect.poll(() => reported.length).toBeGreaterThan(2)
  expect(new Set(reported)).toEqual(new Set(['disconnected']))
})

test('what publishers find is reported once, until a check finds room', async () => {
  const { gate, reported } = open([{ packs: 5 }, { packs: 5 }])
  await gate.pass(never)
  gate.close('timed_out')
  gate.close('timed_out')
  await gate.pass(never)
  expect(reported).toEqual(['ready', 'timed_out', 'ready'])
})

test('a waiting pack is rejected when its signal aborts, or when the gate is stopped', async () => {
  const { gate } = open([{ packs: 0, trouble: 'disconnected' }])
  await expect(gate.pass(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  const waiting = gate.pass(never)
  gate.stop()
  await expect(waiting).rejects.toThrow()
})

/** A gate whose checks find these rooms, and the last of them from then on. */
function open(rooms: readonly Room[]) {
  const reported: string[] = []
  let checks = 0
  const gate = createQueueGate({
    check: async () => rooms[Math.min(checks++, rooms.length - 1)] ?? { packs: 0 },
    events: { queueReady: () => reported.push('ready'), queueUnavailable: (reason) => reported.push(reason) },
    everyMs: 1,
    backoff: { baseMs: 1, maxMs: 1 },
  })
  gate.start()
  onTestFinished(gate.stop)
  return { gate, reported }
}
