import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { FrameBuffer } from './frame-buffer.ts'
import { frameWriter, idOf } from './testing/frames.ts'
import { recoverAll } from './testing/recover.ts'

/** Leaves the journal of a process that had these calls in flight. */
function leaveJournal(dir: string, folder: string, ...calls: readonly number[]): void {
  const buffer = new FrameBuffer()
  const relay = frameWriter((...frame) => buffer.add(...frame))
  for (const call of calls) {
    relay.begin(call)
    relay.request(call, 'x')
  }
  mkdirSync(join(dir, folder))
  writeFileSync(join(dir, folder, '00000001.frames'), buffer.take({ begin: 0, end: calls.length }))
}

test('the journals of several processes are recovered, though they number their calls alike', async () => {
  const dir = tempDir()
  leaveJournal(dir, 'a.0', 1)
  leaveJournal(dir, 'b.0', 2)
  const { calls } = await recoverAll(dir)
  expect([...calls.keys()]).toEqual([idOf(1), idOf(2)])
  expect(readdirSync(dir)).toEqual([])
})

test('a journal that two recoveries died of is recovered without bodies, and in the end counted', async () => {
  const dir = tempDir()
  leaveJournal(dir, 'a.8', 1)
  const third = await recoverAll(dir)
  expect(third.calls.get(idOf(1))).toMatchObject({ request: '', end: { requestShed: 1 } })

  leaveJournal(dir, 'a.12', 1, 2, 3)
  const fourth = await recoverAll(dir, [idOf(3)])
  expect(fourth.calls.size).toBe(0)
  expect(fourth.events).toEqual([{ lost: 2 }])
  expect(readdirSync(dir)).toEqual([])
})

test('a process that is killed after it has read a journal hardly blames it', async () => {
  const dir = tempDir()
  leaveJournal(dir, 'a.9', 1)
  const killed = async () => {
    throw new Error('killed')
  }
  const { calls } = await recoverAll(dir, [], { flush: killed })
  expect(calls.get(idOf(1))?.end).toBeDefined()
  expect(readdirSync(dir)).toEqual(['a.10'])
})

test('a journal that a process died of waits for one that lives longer, and takes no try of one that does not', async () => {
  const dir = tempDir()
  leaveJournal(dir, 'a.4', 1)
  leaveJournal(dir, 'b.0', 2)
  const { calls } = await recoverAll(dir, [], {
    probationMs: 1e9,
    stopWhen: () => !readdirSync(dir).some((name) => name.startsWith('b.')),
  })
  expect([...calls.keys()]).toEqual([idOf(2)])
  expect(readdirSync(dir)).toEqual(['a.4'])
})

test('what a thread of this very process left is counted by its relay, and not recovered', async () => {
  const dir = tempDir()
  leaveJournal(dir, 'a-1.0', 1)
  leaveJournal(dir, 'a-2.0', 1)
  const { calls } = await recoverAll(dir, [], { run: 'a', own: 'a-2.0' })
  expect(calls.size).toBe(0)
  expect(readdirSync(dir)).toEqual(['a-2.0'])
})

test('a file that was carried on stands for all before it, whether they are gone or not', async () => {
  const dir = tempDir()
  leaveJournal(dir, 'a.0', 1)
  leaveJournal(dir, 'b.0', 1)
  renameSync(join(dir, 'b.0', '00000001.frames'), join(dir, 'a.0', '00000001.carried'))
  renameSync(join(dir, 'b.0'), join(dir, 'leftover'))
  const { calls, events } = await recoverAll(dir)
  expect(calls.get(idOf(1))).toMatchObject({ request: 'x' })
  expect(events).toEqual([{ whole: 0, interrupted: 1 }])
})
