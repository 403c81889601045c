import { expect, test } from 'vitest'
import { growth, linear } from '../observe/testing/growth.ts'
import { mergeFields, type SourcedField } from './attributes.ts'

const metadata = (key: string, value: string): SourcedField => ({
  field: 'metadata',
  value: { [key]: value },
  source: `x-${key}`,
})

test('metadata of several sources is merged, the first value of a key winning', () => {
  const merged = mergeFields([metadata('a', 'first'), metadata('b', '2'), metadata('a', 'second')])
  expect(merged.metadata).toEqual({ value: { a: 'first', b: '2' }, source: 'x-a, x-b' })
})

test('a key called __proto__ is a key', () => {
  const merged = mergeFields([metadata('__proto__', 'x'), metadata('a', '1')])
  expect(Object.keys(merged.metadata?.value ?? {})).toContain('__proto__')
})

test('a head full of headers that are each a key of the metadata costs time in proportion', () => {
  const read = (size: number) =>
    mergeFields(Array.from({ length: size }, (_, at) => metadata(`key${at}`, 'v')))
  expect(growth(read, 4_000)).toBeLessThan(linear)
})
