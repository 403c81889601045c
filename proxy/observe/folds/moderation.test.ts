import { expect, test } from 'vitest'
import type { Json } from '../../../shared/json.ts'
import { moderationFold } from './moderation.ts'

function folded(document: Json) {
  const fold = moderationFold()
  fold.add(document)
  return fold.result()
}

const scores = { a: 0.1, b: 0.9, c: 0.3, d: 0.4, e: 0.5, f: 0.6, g: 0 }

test('reads which inputs were flagged for which categories, and the highest scores', () => {
  const flagged = { flagged: true, categories: { a: false, b: true, c: null }, category_scores: scores }
  const harmless = { flagged: false, categories: { a: false }, category_scores: { a: 1e-7 } }
  expect(folded({ id: 'modr-1', model: 'omni', results: [harmless, flagged] })).toMatchObject({
    id: 'modr-1',
    model: 'omni',
    output: {
      kind: 'moderation',
      flagged: true,
      count: 2,
      judgements: [
        {
          index: 1,
          flagged: true,
          categories: ['b'],
          highestScores: { b: 0.9, f: 0.6, e: 0.5, d: 0.4, c: 0.3 },
        },
        { index: 0, flagged: false, categories: [], highestScores: { a: 1e-7 } },
      ],
    },
    ended: true,
  })
})

test('derives the flag from the categories where there is none (Mistral)', () => {
  const results = [{ categories: { pii: true, law: false }, category_scores: { pii: 0.8 } }]
  expect(folded({ results }).output).toMatchObject({ flagged: true, judgements: [{ categories: ['pii'] }] })
})

test('keeps at most 32 judgements, flagged ones first', () => {
  const results = Array.from({ length: 1_000 }, (_, n) => ({ flagged: n === 999, categories: {} }))
  const { output } = folded({ results })
  expect(output).toMatchObject({ count: 1_000, flagged: true })
  expect(output?.kind === 'moderation' && output.judgements.map(({ index }) => index)).toEqual([
    999,
    ...Array.from({ length: 31 }, (_, n) => n),
  ])
})

test.each<Json>([null, 1, [], {}, { results: {} }])('has no output for %j', (document) => {
  expect(folded(document).output).toBeUndefined()
})
