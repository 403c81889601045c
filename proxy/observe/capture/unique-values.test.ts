import { expect, test } from 'vitest'
import type { Json } from '../../../shared/json.ts'
import { createUniqueValues } from './unique-values.ts'

test('keeps each value once, in order of first appearance', () => {
  const values = createUniqueValues({ left: 100 })
  expect(values.read()).toBeUndefined()
  expect(values.add([])).toBe(false)
  expect(values.add([{ a: 1 }])).toBe(true)
  values.add([{ a: 1 }, { b: 2 }])
  values.add([{ a: 1 }, { b: 2 }, { c: 3 }])
  expect(values.read()).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }])
})

test('replaces a value by a later one with the same key, and refunds what it had taken', () => {
  const allowance = { left: 40 }
  const values = createUniqueValues(allowance, (value) => String((value as { n: number }).n))
  values.add([{ n: 1, out: 'a' }])
  values.add([{ n: 1, out: 'b' }])
  expect(values.read()).toEqual([{ n: 1, out: 'b' }])
  expect(allowance.left).toBe(40 - JSON.stringify({ n: 1, out: 'b' }).length)
})

test('keeps only what fits the allowance, and nothing that is nested too deeply', () => {
  const values = createUniqueValues({ left: 30 })
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as Json
  expect(values.add([deep, 'x'.repeat(20), 'y'.repeat(20), 'z'])).toBe(true)
  expect(values.read()).toEqual(['x'.repeat(20), 'z'])
})
