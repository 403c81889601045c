import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { readCost } from './cost.ts'

test.each<[string, JsonObject, number | undefined]>([
  ['OpenRouter', { cost: 0.5, is_byok: false, cost_details: { upstream_inference_cost: 0.5 } }, 0.5],
  [
    "OpenRouter with the user's own key",
    { cost: 0.25, is_byok: true, cost_details: { upstream_inference_cost: 0.5 } },
    0.75,
  ],
  ['a free model', { cost: 0 }, 0],
  ['Perplexity', { cost: { input_tokens_cost: 0.25, request_cost: 0.5, total_cost: 0.75 } }, 0.75],
  ['DeepInfra', { estimated_cost: 0.125 }, 0.125],
  ["xAI's ticks", { cost_in_usd_ticks: 200_000_000 }, 0.02],
  ['a provider that reports a text', { cost: '0.000153' }, 0.000153],
  ['another that does', { estimated_cost: '1e-6' }, 0.000001],
  ['a provider that writes the currency', { cost: '$0.25' }, 0.25],
  ['another that does', { total_cost: '0.25 USD' }, 0.25],
  ['a provider that bills in another one', { cost: { amount: 0.25, currency: 'EUR' } }, undefined],
  ['a provider that says so of dollars', { cost: { amount: 0.25, currency: 'USD' } }, 0.25],
  ['a provider that reports none', { prompt_tokens: 1, cost: null }, undefined],
  [
    'a provider that reports no valid amount',
    { cost: -1, total_cost: 'free', estimated_cost: {} },
    undefined,
  ],
])('reads the cost of %s', (_, usage, cost) => {
  expect(readCost(usage)).toBe(cost)
})
