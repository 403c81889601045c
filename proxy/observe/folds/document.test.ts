import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { documentFold } from './document.ts'

test('keeps one document verbatim', () => {
  const fold = documentFold({ left: 100 })
  fold.add({ id: 'modr-1', results: [] })
  expect(fold.result()).toMatchObject({
    id: 'modr-1',
    output: { kind: 'json', value: { id: 'modr-1', results: [] } },
  })
})

test('keeps the events of an unknown stream within the allowance', () => {
  const fold = documentFold({ left: 40 })
  for (let n = 0; n < 100; n += 1) fold.add({ n, t: 'abc' })
  expect(fold.result().output).toEqual({
    kind: 'json',
    value: [
      { n: 0, t: 'abc' },
      { n: 1, t: 'abc' },
    ],
  })
})

test('does not mistake the failure of a job for a failure of the call that retrieves it', () => {
  const resultOf = (document: JsonObject) => {
    const fold = documentFold({ left: 1_000 })
    fold.add(document)
    return fold.result()
  }
  const error = { code: 'invalid_file', message: 'No such file' }
  expect(resultOf({ id: 'ftjob-1', object: 'fine_tuning.job', status: 'failed', error })).not.toHaveProperty(
    'error',
  )
  expect(resultOf({ error })).toMatchObject({ error: { type: 'invalid_file' } })
})
