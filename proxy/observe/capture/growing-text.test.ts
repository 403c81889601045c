import { expect, test } from 'vitest'
import { GrowingText } from './growing-text.ts'
import { wellFormed } from './text.ts'

test('stops growing when the allowance is spent, and reports how much is missing', () => {
  const allowance = { left: 8 }
  const text = new GrowingText()
  text.addDelta('12345', allowance)
  text.addDelta('6789', allowance)
  text.addDelta('0', allowance)
  expect(`${text}`).toBe('12345678 … [2 more characters]')
  expect(JSON.stringify({ text })).toBe('{"text":"12345678 … [2 more characters]"}')
})

test('shares one allowance among texts', () => {
  const allowance = { left: 4 }
  const [first, second] = [new GrowingText(), new GrowingText()]
  first.addDelta('abc', allowance)
  second.addDelta('de', allowance)
  expect([`${first}`, `${second}`]).toEqual(['abc', 'd … [1 more characters]'])
})

test('joins surrogate pairs that were split across deltas', () => {
  const text = new GrowingText()
  text.addDelta('\ud83d', { left: 9 })
  text.addDelta('\ude00', { left: 9 })
  expect(wellFormed(`${text}`)).toBe('😀')
})
