import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
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

test('does not take the failure of a job for one of the call that asks for it', () => {
  const answer = (document: JsonObject) => {
    const fold = documentFold({ left: 1_000 })
    fold.event(document)
    return fold.answer()
  }
  const error = { code: 'invalid_file', message: 'No such file' }
  expect(answer({ id: 'ftjob-1', object: 'fine_tuning.job', status: 'failed', error })).not.toHaveProperty(
    'error',
  )
  expect(answer({ error })).toMatchObject({ error: { type: 'invalid_file' } })
})
