import { expect, test } from 'vitest'
import { rerankFold } from './rerank.ts'

test.each(['results', 'data'])('keeps the ten best of the documents in %s', (field) => {
  const fold = rerankFold()
  const list = Array.from({ length: 30 }, (_, index) => ({
    index,
    relevance_score: index / 100,
    document: { text: 'x' },
  }))
  fold.add({ model: 'r', [field]: list, usage: { total_tokens: 9 } })
  const { output, usage } = fold.result()
  expect(usage).toEqual({ provenance: 'provider', total: 9 })
  expect(output).toMatchObject({
    kind: 'ranking',
    count: 30,
    best: { length: 10, 0: { index: 29, score: 0.29 } },
  })
})

test.each([
  ['bare (TEI)', [{ index: 1, score: 0.5 }]],
  ['in `output` (DashScope)', { output: { results: [{ index: 1, relevance_score: 0.5 }] } }],
])('finds the list %s', (_, document) => {
  const fold = rerankFold()
  fold.add(document)
  expect(fold.result().output).toEqual({ kind: 'ranking', count: 1, best: [{ index: 1, score: 0.5 }] })
})
