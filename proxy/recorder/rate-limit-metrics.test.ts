import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { numberedRecord } from '../../shared/testing/numbered-record.ts'
import { createRateLimitMetrics } from './rate-limit-metrics.ts'

function aScrape() {
  const registry = new Registry()
  let now = 0
  const note = createRateLimitMetrics(registry, { now: () => now })
  return {
    answered(limits: Readonly<Record<string, string>>): void {
      const record = numberedRecord(1)
      note({ ...record, request: { ...record.request, model: 'm' }, response: { bodyBytes: 0, limits } })
    },
    after(ms: number): void {
      now += ms
    },
    lines: async () => (await registry.metrics()).split('\n').filter((line) => /^threadtap/.test(line)),
  }
}

const line = (name: string, kind: string, value: number): string =>
  `${name}{upstream="default",gen_ai_request_model="m",kind="${kind}"} ${value}`

test.each([
  ['OpenAI', { 'x-ratelimit-limit-tokens': '1000', 'x-ratelimit-remaining-tokens': '250' }, 'tokens'],
  [
    'Anthropic',
    {
      'anthropic-ratelimit-input-tokens-limit': '1000',
      'anthropic-ratelimit-input-tokens-remaining': '250',
    },
    'input_tokens',
  ],
  ['OpenRouter', { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '250' }, 'requests'],
  ['Together', { 'x-tokenlimit-limit': '1000', 'x-tokenlimit-remaining': '250' }, 'tokens'],
])('shows the limits of %s', async (_, limits, kind) => {
  const scrape = aScrape()
  scrape.answered(limits)
  expect(await scrape.lines()).toEqual([
    line('threadtap_rate_limit', kind, 1000),
    line('threadtap_rate_limit_remaining', kind, 250),
  ])
})

test.each([
  ['a limit that is no number', { 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '1' }],
  ['a limit of 0', { 'x-ratelimit-limit': '0', 'x-ratelimit-remaining': '0' }],
  ['half of it', { 'x-ratelimit-remaining-tokens': '5' }],
  ['when to try again', { 'retry-after': '30' }],
])('shows nothing of %s', async (_, limits) => {
  const scrape = aScrape()
  scrape.answered(limits)
  expect(await scrape.lines()).toEqual([])
})

test('the last response counts, until it is five minutes old', async () => {
  const scrape = aScrape()
  scrape.answered({ 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '9' })
  scrape.answered({ 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0' })
  scrape.after(300_000)
  expect(await scrape.lines()).toContain(line('threadtap_rate_limit_remaining', 'requests', 0))
  scrape.after(1)
  expect(await scrape.lines()).toEqual([])
})
