import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { createEventUsage } from './event-usage.ts'

const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }
const zeros = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }

test.each<[string, JsonObject[], JsonObject | undefined]>([
  ['the last one', [{ usage: { total_tokens: 5 } }, { usage }], usage],
  ['the last one despite chunks after it', [{ usage }, { usage: null }, { choices: [] }], usage],
  ['the last one before an empty one', [{ usage }, { usage: {} }], usage],
  ['the last one before one of zeros', [{ usage }, { usage: { ...zeros, details: { cached: 0 } } }], usage],
  ['zeros where nothing else is reported', [{ usage: zeros }], zeros],
  ['that of Groq', [{ x_groq: { usage } }], usage],
  ['that of the choice (Moonshot)', [{ choices: [{ usage }] }, { choices: [{}] }], usage],
  ['that of Cohere', [{ meta: { tokens: usage } }], usage],
  ['that at the top level before a nested one', [{ usage }, { x_groq: { usage: zeros } }], usage],
  ['a nested one before an empty one at the top level', [{ x_groq: { usage } }, { usage: {} }], usage],
  ['none where none is reported', [{ usage: null }, {}], undefined],
])('takes %s', (_, events, expected) => {
  const selection = createEventUsage()
  for (const event of events) selection.add(event)
  expect(selection.read()).toEqual(expected)
})
