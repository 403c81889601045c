import { expect, test } from 'vitest'
import { type Comparison, digestOf } from './text-digest.ts'

const same = (a: readonly string[], b: readonly string[], comparison?: Comparison) =>
  digestOf(a, comparison).digest === digestOf(b, comparison).digest

test('a text is the same with other white space, and cut elsewhere', () => {
  expect(same(['Hello,  world.\n'], ['Hello,', ' world.'])).toBe(true)
  expect(same(['a\u00a0b\u3000c'], ['abc'])).toBe(true)
  expect(same(['Hello, world.'], ['Hello, word.'])).toBe(false)
  expect(same(['ab'], ['ba'])).toBe(false)
  expect(same([], [''])).toBe(true)
})

test('words are the same with other marks', () => {
  expect(same(["{'a': 2, 'b': “3”}"], ['{"a":2,"b":"3"}'], 'words')).toBe(true)
  expect(same(["{'a': 2}"], ['{"a":2}'])).toBe(false)
  expect(same(['Привет, мир'], ['Привет мир!'], 'words')).toBe(true)
  expect(same(['你好，世界。'], ['你好世界'], 'words')).toBe(true)
  expect(same(['a 1'], ['a 2'], 'words')).toBe(false)
})

test('instructions are the same on another day', () => {
  expect(same(['It is 2026-11-27, 09:58.'], ['It is 2026-11-28, 10:02.'], 'steady')).toBe(true)
  expect(same(['You plan.'], ['You write.'], 'steady')).toBe(false)
})

test('thinking at the beginning is left out, however often it stands there', () => {
  const thoughts = '<think>a</think>\n<thinking>b</thinking>\n'
  expect(same([`${thoughts}Yes.`], ['Yes.'])).toBe(true)
  expect(same(['<think>never ended'], ['never ended'])).toBe(false)
})

test('of a long text length, beginning and end count', () => {
  const long = 'x'.repeat(100_000)
  const changed = (at: number) => `${long.slice(0, at)}y${long.slice(at + 1)}`
  expect(same([long], [changed(10)])).toBe(false)
  expect(same([long], [changed(99_990)])).toBe(false)
  expect(same([long], [changed(50_000)])).toBe(true)
  expect(same([long], [`${long}x`])).toBe(false)
})

test('texts that differ have digests that differ', () => {
  const texts = Array.from({ length: 50_000 }, (_, n) => `${n % 7} call of ${n}`)
  expect(new Set(texts.map((text) => digestOf([text]).digest)).size).toBe(texts.length)
})
