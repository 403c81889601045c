import { proxyMetrics, workerMetrics } from '../../../shared/metrics/catalogue.ts'
import type { Row } from '../builders/dashboard.ts'
import { lines } from '../builders/panel.ts'
import { quantile, quotient, rate } from '../builders/promql.ts'

const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = proxyMetrics
const { cost, costSources, usageProvenance, operationInputTokens, operationOutputTokens } = proxyMetrics
const { estimatedCost } = workerMetrics
const model = ['gen_ai_request_model']

export const tokenRow: Row = {
  title: 'Tokens and cost',
  panels: [
    lines({
      title: 'Tokens a second',
      description:
        'As providers count them. Cached tokens are part of the input, reasoning is part of the output.',
      unit: 'suffix: tok/s',
      queries: [
        { expr: rate(inputTokens), legend: 'in' },
        { expr: rate(cacheReadTokens), legend: 'in, from the cache' },
        { expr: rate(cacheWriteTokens), legend: 'in, written to the cache' },
        { expr: rate(outputTokens), legend: 'out' },
        { expr: rate(reasoningTokens), legend: 'out, reasoning' },
      ],
    }),
    lines({
      title: 'Tokens a second by model',
      description: 'Input and output together.',
      unit: 'suffix: tok/s',
      stacked: true,
      queries: [
        {
          expr: `${rate(inputTokens, model)} + ${rate(outputTokens, model)}`,
          legend: '{{gen_ai_request_model}}',
        },
      ],
    }),
    lines({
      title: 'Input from the cache',
      description: 'Share of the input that was read from the provider’s cache, which costs less.',
      unit: 'percentunit',
      max: 1,
      noValue: 'nothing cached',
      queries: [
        {
          expr: quotient(rate(cacheReadTokens, model), rate(inputTokens, model)),
          legend: '{{gen_ai_request_model}}',
        },
      ],
    }),
    lines({
      title: 'Cost an hour by model',
      description:
        'At the pace of each moment: the bill of the provider, else list prices (docs/prices.md), which PRICES_FILE replaces; estimated: by list prices, of tokens that the upstream did not report and the worker estimated.',
      unit: 'currencyUSD',
      stacked: true,
      noValue: 'no cost known',
      queries: [
        {
          expr: `3600 * ${rate(cost, [...model, 'source'])}`,
          legend: '{{gen_ai_request_model}} ({{source}})',
        },
        { expr: `3600 * ${rate(estimatedCost, model)}`, legend: '{{gen_ai_request_model}} (estimated)' },
      ],
    }),
    lines({
      title: 'Where costs come from',
      description:
        'Calls a second that took tokens. provider: billed; price_list: by list prices; none: neither is known, or the tokens are only estimated, so that it lacks them.',
      unit: 'reqps',
      stacked: true,
      queries: [{ expr: rate(costSources, ['source']), legend: 'cost: {{source}}' }],
    }),
    lines({
      title: 'Where token counts come from',
      description:
        'Calls a second. missing: the upstream said nothing; the worker estimates these for its sinks and for the cost, and they are not counted here.',
      unit: 'reqps',
      stacked: true,
      queries: [{ expr: rate(usageProvenance, ['provenance']), legend: 'tokens: {{provenance}}' }],
    }),
    lines({
      title: 'Tokens of a call, p95',
      description: 'What 95 in 100 calls stay below: prompts that grow show here first.',
      unit: 'short',
      width: 24,
      queries: [
        { expr: quantile(0.95, operationInputTokens, model), legend: '{{gen_ai_request_model}} in' },
        { expr: quantile(0.95, operationOutputTokens, model), legend: '{{gen_ai_request_model}} out' },
      ],
    }),
  ],
}
