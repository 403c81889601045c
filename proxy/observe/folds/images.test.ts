import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { json, recordOfExchange } from '../testing/exchange.ts'
import { imagesFold } from './images.ts'

const bytes = Buffer.alloc(300, 5)
const b64_json = bytes.toString('base64')
const sizeAndHash = { bytes: 300, sha256: createHash('sha256').update(bytes).digest('hex') }

test('records count, size and hash of pictures without keeping them', () => {
  const fold = imagesFold()
  const usage = { input_tokens: 14, output_tokens: 272, total_tokens: 286 }
  fold.add({
    data: [{ b64_json, revised_prompt: 'A cat' }, { url: 'https://p.test/1.png' }],
    usage,
    size: '1x1',
  })
  expect(fold.result()).toMatchObject({
    output: {
      kind: 'images',
      count: 2,
      size: '1x1',
      pictures: [{ ...sizeAndHash, revisedPrompt: 'A cat' }, { url: 'https://p.test/1.png' }],
    },
    usage: { total: 286 },
    ended: true,
  })
})

test('counts partial images of a stream as progress, not as pictures', () => {
  const fold = imagesFold()
  expect(fold.add({ type: 'image_generation.partial_image', b64_json, partial_image_index: 0 })).toBe(true)
  expect(fold.result()).toMatchObject({ ended: false })
  expect(fold.result().output).toBeUndefined()
  fold.add({
    type: 'image_generation.completed',
    b64_json,
    output_format: 'png',
    usage: { total_tokens: 5 },
  })
  expect(fold.result()).toMatchObject({
    output: { count: 1, format: 'png', pictures: [sizeAndHash] },
    usage: { total: 5 },
    ended: true,
  })
})

test('reads responses above the limit of other operations, and records no base64', () => {
  const large = Buffer.alloc(3_000_000, 7).toString('base64')
  const record = recordOfExchange({
    call: { operation: 'image' },
    headers: json,
    chunks: [JSON.stringify({ data: [{ b64_json: large }] })],
  })
  expect(record.output).toMatchObject({ count: 1, pictures: [{ bytes: 3_000_000 }] })
  expect(JSON.stringify(record).length).toBeLessThan(2_000)
})

test('keeps neither URL nor prompt where content is not captured', () => {
  const body = JSON.stringify({ data: [{ b64_json, url: 'https://secret.test', revised_prompt: 'secret' }] })
  for (const content of ['lengths', 'none'] as const) {
    const exchange = { call: { operation: 'image' }, capture: { content }, headers: json } as const
    expect(recordOfExchange({ ...exchange, chunks: [body] }).output).toEqual({
      kind: 'images',
      count: 1,
      pictures: [sizeAndHash],
    })
  }
})
