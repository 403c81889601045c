import { expect, test } from 'vitest'
import { rerankFold } from './rerank.ts'

test.each(['results', 'data'])('keeps the ten best of the documents in %s', (field) => {
  const fold = rerankFold()
  const list = Array.from({ length: 30 }, (_, index) => ({
    index,
    relevance_score: index / 100,
    document: { text: 'x' },
  }))
  fold.event({ model: 'r', [field]: list, usage: { total_tokens: 9 } })
  const { output, usage } = fold.answer()
  expect(usage).toEqual({ provenance: 'provider', total: 9 })
  expect(output).toMatchObject({
    kind: 'ranking',
    count: 30,
    best: { length: 10, 0: { index: 29, score: 0.29 } },
  })
})

test.each([
  ['bare (TEI)', [{ index: 1, score: 0.5 }]],
  ['in an output (DashScope)', { output: { results: [{ index: 1, relevance_score: 0.5 }] } }],
])('finds the list %s', (_, answer) => {
  const fold = rerankFold()
  fold.event(answer)
  expect(fold.answer().output).toEqual({ kind: 'ranking', count: 1, best: [{ index: 1, score: 0.5 }] })
})
