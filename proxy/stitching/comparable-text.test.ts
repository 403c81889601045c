import { expect, test } from 'vitest'
import { comparableJson } from './comparable-text.ts'

test('arguments that were parsed and written again are the same; very long ones are compared as they are written', () => {
  const written = (items: number): string =>
    JSON.stringify({ b: Array.from({ length: items }, (_, at) => at), a: { d: 1, c: '2' } })
  const again = (text: string): string => {
    const { a, b } = JSON.parse(text)
    return JSON.stringify({ a: { c: a.c, d: a.d }, b }, null, 1)
  }
  expect(comparableJson(again(written(10)))).toBe(comparableJson(written(10)))
  expect(comparableJson(again(written(50_000)))).not.toBe(comparableJson(written(50_000)))
  expect(comparableJson(written(50_000))).toBe(comparableJson(written(50_000)))
})
