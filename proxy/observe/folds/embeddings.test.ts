import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { embeddingsFold } from './embeddings.ts'

function folded(body: JsonObject) {
  const fold = embeddingsFold()
  fold.add(body)
  return fold.result()
}

test('counts vectors and their dimensions without keeping them', () => {
  const response = folded({
    model: 'e',
    data: [{ embedding: [1, 2, 3] }, { embedding: [4, 5, 6] }],
    usage: { prompt_tokens: 2 },
  })
  expect(response).toEqual({
    model: 'e',
    usage: { provenance: 'provider', input: 2 },
    output: { kind: 'vectors', count: 2, dimensions: 3, encoding: 'float' },
    ended: true,
  })
})

test('derives the dimensions from base64', () => {
  const embedding = Buffer.from(new Float32Array(8).buffer).toString('base64')
  expect(folded({ data: [{ embedding }] }).output).toEqual({
    kind: 'vectors',
    count: 1,
    dimensions: 8,
    encoding: 'base64',
  })
})

test("reads Ollama's bare vectors", () => {
  expect(folded({ embeddings: [[1, 2]] }).output).toMatchObject({ count: 1, dimensions: 2 })
})

test('has no output without a list, and a count of 0 for an empty one', () => {
  expect(folded({ error: 'x' }).output).toBeUndefined()
  expect(folded({ data: [] }).output).toEqual({ kind: 'vectors', count: 0 })
})

test.each([
  ['by encoding (Cohere)', { embeddings: { float: [[1, 2, 3]], int8: [[1, 2, 3]] } }],
  ['by encoding, each', { data: [{ embedding: { float: [1, 2, 3] } }] }],
  ['bare (TEI)', [[1, 2, 3]]],
])('finds vectors that are %s', (_, document) => {
  const fold = embeddingsFold()
  fold.add(document)
  expect(fold.result().output).toEqual({ kind: 'vectors', count: 1, dimensions: 3, encoding: 'float' })
})
