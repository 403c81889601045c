import { expect, test } from 'vitest'
import { documentFold } from './document.ts'

test('keeps one document as it is', () => {
  const fold = documentFold({ left: 100 })
  fold.event({ id: 'modr-1', results: [] })
  expect(fold.answer()).toMatchObject({
    id: 'modr-1',
    output: { kind: 'json', value: { id: 'modr-1', results: [] } },
  })
})

test('keeps the events of an unknown stream as far as the allowance goes', () => {
  const fold = documentFold({ left: 40 })
  for (let n = 0; n < 100; n += 1) fold.event({ n, t: 'abc' })
  expect(fold.answer().output).toEqual({
    kind: 'json',
    value: [
      { n: 0, t: 'abc' },
      { n: 1, t: 'abc' },
    ],
  })
})
