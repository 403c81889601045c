import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { createCitations } from './citations.ts'

const [a, b] = ['https://a.test', 'https://b.test']

test.each<[string, JsonObject[], unknown]>([
  [
    'URLs',
    [{ citations: [a] }, { citations: [a, b] }],
    [
      { type: 'citation', url: a },
      { type: 'citation', url: b },
    ],
  ],
  [
    'search results before URLs',
    [{ citations: [a], search_results: [{ title: 'A', url: a }] }],
    [{ type: 'search_result', title: 'A', url: a }],
  ],
  [
    'web search results',
    [{ web_search: [{ link: a }] }, { web_search: [] }],
    [{ type: 'web_search', link: a }],
  ],
  ['none', [{ citations: null }, {}], undefined],
])('takes the last list of %s', (_, events, expected) => {
  const citations = createCitations({ left: 1_000 })
  for (const event of events) citations.add(event)
  expect(citations.read()).toEqual(expected)
})

test('drops a list that does not fit the allowance', () => {
  const citations = createCitations({ left: 50 })
  citations.add({ citations: ['x'.repeat(100)] })
  expect(citations.read()).toBeUndefined()
})
