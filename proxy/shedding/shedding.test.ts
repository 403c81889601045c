import { expect, test } from 'vitest'
import { createShedding, type Load, type SheddingChange } from './shedding.ts'

const calm: Load = { loopDelayMs: 1, tapeFill: 0, memoryShare: 0 }

function lend() {
  let now = 0
  const changes: SheddingChange[] = []
  const look = createShedding({ clock: { monotonic: () => now }, onChange: (change) => changes.push(change) })
  return {
    changes,
    /** Four looks a second, as long as this. */
    pass(seconds: number, load: Partial<Load>): string[] {
      const before = changes.length
      for (let looks = 0; looks < seconds * 4; looks++) {
        now += 250
        look({ ...calm, ...load })
      }
      return changes.slice(before).map(({ kept }) => kept)
    },
  }
}

test('a tape that fills leaves out content, then bodies, then calls, one step a second', () => {
  const { pass, changes } = lend()
  expect(pass(5, { tapeFill: 0.6 })).toEqual(['no_content'])
  expect(pass(5, { tapeFill: 0.8 })).toEqual(['metadata'])
  expect(pass(5, { tapeFill: 0.99 })).toEqual(['counts'])
  expect(changes.map(({ signal }) => signal)).toEqual(['tapeFill', 'tapeFill', 'tapeFill'])
})

test('a sudden overload takes the steps one after the other', () => {
  const { pass } = lend()
  expect(pass(1, { tapeFill: 0.99 })).toEqual([])
  expect(pass(1.25, { tapeFill: 0.99 })).toEqual(['no_content'])
  expect(pass(3, { tapeFill: 0.99 })).toEqual(['metadata', 'counts'])
})

test('memory that runs short takes a step at each look, since a second may take all of it', () => {
  const { pass, changes } = lend()
  expect(pass(0.25, { memoryShare: 0.82 })).toEqual(['no_content'])
  expect(pass(0.25, { memoryShare: 0.84 })).toEqual([])
  expect(pass(0.75, { memoryShare: 0.97 })).toEqual(['metadata', 'counts'])
  expect(changes.every(({ signal }) => signal === 'memoryShare')).toBe(true)
})

test('a burst changes nothing', () => {
  const { pass } = lend()
  for (let bursts = 0; bursts < 5; bursts++) {
    expect(pass(1, { tapeFill: 1, loopDelayMs: 500 })).toEqual([])
    expect(pass(0.5, {})).toEqual([])
  }
})

test('a late loop never costs a call its record', () => {
  const { pass } = lend()
  expect(pass(60, { loopDelayMs: 10_000 })).toEqual(['no_content', 'metadata'])
})

test('all is kept again step by step, once it has been calm for a while', () => {
  const { pass } = lend()
  pass(5, { tapeFill: 0.99 })
  expect(pass(5, {})).toEqual([])
  expect(pass(0.25, {})).toEqual(['metadata'])
  expect(pass(60, {})).toEqual(['no_content', 'everything'])
})

test('a load about the limit neither takes a step again and again, nor gives one up', () => {
  const { pass } = lend()
  expect(pass(2, { tapeFill: 0.5 })).toEqual(['no_content'])
  for (let seconds = 0; seconds < 60; seconds++) {
    expect(pass(1, { tapeFill: seconds % 2 === 0 ? 0.45 : 0.55 })).toEqual([])
  }
  expect(pass(2, { memoryShare: 0.77 })).toEqual([])
  expect(pass(60, { memoryShare: 0.75 })).toEqual(['everything'])
})
