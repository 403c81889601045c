import { expect, test } from 'vitest'
import { spentBetween, spentByThread, type Usage } from './process-usage.ts'

const usage = (role: Usage['role'], cpuMs: number, mainThreadMs: number): Usage => ({
  role,
  cpuMs,
  mainThreadMs,
  residentMb: 1,
  threads: [
    { id: 7, name: 'node', cpuMs: mainThreadMs },
    { id: 9, name: 'node', cpuMs: cpuMs - mainThreadMs },
  ],
})

test("the relay's loop, the rest of its process, and what is behind it are told apart", () => {
  const before = [usage('relay', 100, 80), usage('worker', 10, 10), usage('redis', 5, 5)]
  const after = [usage('relay', 400, 280), usage('worker', 60, 50), usage('redis', 15, 15)]
  expect(spentBetween(before, after)).toEqual({
    relayThreadMs: 200,
    relayProcessMs: 300,
    behindMs: 60,
    allMs: 360,
  })
})

test('each thread has what it used itself, those that rested are left out', () => {
  const after = [
    { ...usage('relay', 400, 280), threads: usage('relay', 400, 280).threads.toSpliced(1, 0, started) },
  ]
  expect(spentByThread([usage('relay', 200, 80)], after)).toEqual([
    { thread: 'relay main', cpuMs: 200 },
    { thread: 'relay recorder 1', cpuMs: 30 },
  ])
})

/** A thread that was not there before. */
const started = { id: 8, name: 'recorder', cpuMs: 30 }
