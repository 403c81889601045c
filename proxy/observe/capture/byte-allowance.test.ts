import { expect, test } from 'vitest'
import { takeText, trySpend } from './byte-allowance.ts'

test('a value is paid for whole or not at all', () => {
  const allowance = { left: 10 }
  expect(trySpend(allowance, 11)).toBe(false)
  expect(allowance.left).toBe(10)
  expect(trySpend(allowance, 10)).toBe(true)
  expect(allowance.left).toBe(0)
  expect(trySpend(allowance, Number.POSITIVE_INFINITY)).toBe(false)
})

test('a replacement is paid for with what its predecessor had taken', () => {
  const allowance = { left: 2 }
  expect(trySpend(allowance, 9, 6)).toBe(false)
  expect(allowance.left).toBe(2)
  expect(trySpend(allowance, 5, 6)).toBe(true)
  expect(allowance.left).toBe(3)
})

test('a text that does not fit takes all that is left, in whole code points', () => {
  const allowance = { left: 6 }
  expect(takeText(allowance, 'ab')).toBe('ab')
  expect(allowance.left).toBe(4)
  expect(takeText(allowance, 'aé€')).toBe('aé')
  expect(allowance.left).toBe(0)
  expect(takeText(allowance, 'a')).toBe('')
})

test('an allowance that is overdrawn keeps nothing, and an unlimited one everything', () => {
  const overdrawn = { left: -3 }
  expect([takeText(overdrawn, 'a'), trySpend(overdrawn, 1)]).toEqual(['', false])
  expect(overdrawn.left).toBe(-3)
  expect(takeText({ left: Number.POSITIVE_INFINITY }, 'text')).toBe('text')
})
