import { expect, test } from 'vitest'
import { createCostOf } from '../../../../shared/pricing/cost-of.ts'
import { costOf as costAtLangfuse } from '../../../../shared/testing/fake-langfuse/pricing.ts'
import { aRecord } from '../../../testing/records.ts'
import { usageDetails } from './usage.ts'

const costOf = createCostOf()

const usage = {
  ...({ provenance: 'provider', input: 1000, output: 800, total: 1800 } as const),
  ...{ cachedInput: 300, cacheWrite: 100, audioInput: 50, reasoning: 200, audioOutput: 20 },
}

test.each([
  ...['gpt-4o-mini', 'gpt-4', 'gpt-4o-audio-preview', 'gpt-5', 'gpt-5.4-mini', 'gpt-5.6-sol', 'o3-pro'],
  ...[
    'claude-sonnet-4-5-20250929',
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'claude-3-haiku-20240307',
  ],
  'gemini-2.5-flash',
])('a call of %s costs here what it costs on the page of Langfuse', (model) => {
  const record = aRecord({ usage, response: { ...aRecord().response, model } })
  const atLangfuse = costAtLangfuse(
    undefined,
    { source: 'provided', details: usageDetails(record) ?? {} },
    model,
  )
  expect(atLangfuse.total).toBeGreaterThan(0)
  expect(costOf(record)?.usd).toBeCloseTo(atLangfuse.total ?? 0, 12)
})
