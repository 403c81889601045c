import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { createEventUsage } from './event-usage.ts'

const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }
const zeros = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }

const text = (index: number, ofPrompt: JsonObject, finish: string | null = 'length'): JsonObject => ({
  choices: [{ index, text: 'a', finish_reason: finish }],
  usage: ofPrompt,
})

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
  [
    'one of two halves, each in an event of its own',
    [
      { usage: { prompt_tokens: 25, prompt_tokens_details: { cached_tokens: 10 } } },
      { usage: { completion_tokens: 15 } },
    ],
    { prompt_tokens: 25, prompt_tokens_details: { cached_tokens: 10 }, completion_tokens: 15 },
  ],
  [
    "halves with zeros and totals of their own, in Anthropic's names",
    [
      { usage: { input_tokens: 25, output_tokens: 1, total_tokens: 26 } },
      { usage: { input_tokens: 0, output_tokens: 15, total_tokens: 15 } },
    ],
    { input_tokens: 25, output_tokens: 15 },
  ],
  [
    'the total of both halves',
    [
      { usage: { prompt_tokens: 25 } },
      { usage: { prompt_tokens: null, completion_tokens: 15, total_tokens: 40 } },
    ],
    { prompt_tokens: 25, completion_tokens: 15, total_tokens: 40 },
  ],
  [
    'the sum of several prompts (TGI)',
    [text(0, usage), text(2, usage), text(1, { ...usage, prompt_tokens: 10, total_tokens: 14 })],
    { prompt_tokens: 16, completion_tokens: 12, total_tokens: 28 },
  ],
  [
    'that of all prompts instead of their sum (vLLM)',
    [text(0, usage), text(1, usage), { choices: [], usage }],
    usage,
  ],
  [
    'the last one where usage is cumulative',
    [text(0, { prompt_tokens: 3, completion_tokens: 1 }, null), text(0, usage), text(1, usage)],
    usage,
  ],
  ['the last one of a single prompt', [text(0, zeros), text(0, usage)], usage],
  ['none where none is reported', [{ usage: null }, {}], undefined],
])('takes %s', (_, events, expected) => {
  const selection = createEventUsage()
  for (const event of events) selection.add(event)
  expect(selection.read()).toEqual(expected)
})
