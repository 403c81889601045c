import { expect, test } from 'vitest'
import { boundedMetadata, metadataMaxBytes } from './bounded-metadata.ts'

test('metadata of a common size is unchanged', () => {
  const metadata = { course: 'maths', deep: { er: [1, 2, null] }, long: 'x'.repeat(5_000) }
  expect(boundedMetadata(metadata)).toEqual({ metadata })
})

test('credentials in metadata are masked', () => {
  const { metadata } = boundedMetadata({
    api_key: 'sk-1',
    nested: { Authorization: 'Bearer abc' },
    kept: 'a',
  })
  expect(metadata).toEqual({
    api_key: '[credential]',
    nested: { Authorization: '[credential]' },
    kept: 'a',
  })
})

test('metadata that is nested too deeply to be serialized is truncated', () => {
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)
  const { metadata, metadataCut } = boundedMetadata({ deep })
  expect(metadataCut).toBe(true)
  expect(JSON.stringify(metadata)).toContain('nested too deeply')
})

test.each([
  ['one large text', { large: 'x'.repeat(1_000_000) }],
  ['many entries', Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`key ${n}`, n]))],
  ['a long list', { list: Array.from({ length: 100_000 }, (_, n) => ({ n })) }],
])('%s is truncated, and the text names how much is missing', (_what, large) => {
  const { metadata, metadataCut } = boundedMetadata(large)
  expect(metadataCut).toBe(true)
  const text = JSON.stringify(metadata)
  expect(text.length).toBeLessThan(1.5 * metadataMaxBytes)
  expect(text).toMatch(/more|missing/)
})

test('metadata that was too much to be parsed is cut, although what is left of it is small', () => {
  const metadata = { first: 'a', '…': '[299999 more fields]' }
  expect(boundedMetadata(metadata)).toEqual({ metadata, metadataCut: true })
})
