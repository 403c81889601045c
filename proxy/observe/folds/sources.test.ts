import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { createSources } from './sources.ts'

const [a, b] = ['https://a.test', 'https://b.test']

test.each<[string, JsonObject[], unknown]>([
  [
    'addresses',
    [{ citations: [a] }, { citations: [a, b] }],
    [
      { type: 'citation', url: a },
      { type: 'citation', url: b },
    ],
  ],
  [
    'results before addresses',
    [{ citations: [a], search_results: [{ title: 'A', url: a }] }],
    [{ type: 'search_result', title: 'A', url: a }],
  ],
  [
    'results of a search',
    [{ web_search: [{ link: a }] }, { web_search: [] }],
    [{ type: 'web_search', link: a }],
  ],
  ['none', [{ citations: null }, {}], undefined],
])('takes the last list of %s', (_, events, told) => {
  const sources = createSources({ left: 1_000 })
  for (const event of events) sources.see(event)
  expect(sources.read()).toEqual(told)
})

test('takes nothing that is over the allowance', () => {
  const sources = createSources({ left: 50 })
  sources.see({ citations: ['x'.repeat(100)] })
  expect(sources.read()).toBeUndefined()
})
