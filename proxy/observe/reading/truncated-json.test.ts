import { expect, test } from 'vitest'
import { createTail, fieldsOfTruncatedJson } from './truncated-json.ts'

const usage = { prompt_tokens: 8, prompt_tokens_details: { cached_tokens: 2 }, total_tokens: 8 }

/** @returns the beginning and end of a JSON text, as the reader keeps them of a long one */
function ends(body: object): [string, string] {
  const text = JSON.stringify(body)
  const tail = createTail()
  for (let at = 0; at < text.length; at += 700) tail.add(Buffer.from(text.slice(at, at + 700)))
  return [text.slice(0, 5_000), tail.text()]
}

test('finds model and usage after long lists', () => {
  const data = Array.from({ length: 1_000 }, (_, index) => ({ index, model: 'inner', embedding: [0.1, 0.2] }))
  expect(fieldsOfTruncatedJson(...ends({ object: 'list', data, model: 'embed-1', usage }))).toEqual({
    model: 'embed-1',
    usage,
  })
})

test('finds id and model before a long text, and ignores field names inside the text', () => {
  const content = '{"usage": {"total_tokens": 99}, "model": "other"} '.repeat(500)
  const body = { id: 'chatcmpl-1', model: 'gpt-4o', choices: [{ message: { content } }] }
  expect(fieldsOfTruncatedJson(...ends({ ...body, usage }))).toEqual({
    id: 'chatcmpl-1',
    model: 'gpt-4o',
    usage,
  })
  expect(fieldsOfTruncatedJson(...ends(body))).toEqual({ id: 'chatcmpl-1', model: 'gpt-4o' })
})

test('finds nothing in other text', () => {
  expect(fieldsOfTruncatedJson('', '')).toEqual({})
  expect(fieldsOfTruncatedJson('[[1,2', '"usage":{"a":')).toEqual({})
})
