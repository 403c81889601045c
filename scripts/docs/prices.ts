import type { ModelPrice, PriceList } from '../../shared/pricing/price-list.ts'
import { code, markdownTable, page } from './markdown.ts'

const example = `{
  "source": "our contract",
  "date": "2026-11-01",
  "models": [
    { "model": "gpt-4o", "input": 2, "cached_input": 1, "output": 8, "service_tiers": { "priority": 1.7 } },
    { "model": "claude-*", "input": 3, "cached_input": 0.3, "cache_write": 3.75, "cache_write_1h": 6, "output": 15 },
    { "model": "gemini-*-pro", "input": 2, "output": 12, "long_context": { "over": 200000, "input": 2, "output": 1.5 } },
    { "model": "llama*", "input": 0, "output": 0 }
  ]
}`

/** docs/prices.md: how a call's cost is found, the format of PRICES_FILE, and the built-in list. */
export function pricesPage({ source, date, models }: PriceList): string {
  return page(
    'Prices',
    'shared/pricing/built-in-prices.ts',
    'A cost is what the provider itself billed, where its response says so (OpenRouter, xAI, Perplexity, DeepInfra, ...). ' +
      'Else it is counted from the tokens and a list of prices, and marked: `~` at the terminal. Langfuse is sent the ' +
      "provider's bill alone: it counts the rest by its own list. Where the provider reports no tokens, the cost is of estimated " +
      'ones, which JSON marks with `estimated` and metrics count apart (`threadtap_estimated_cost_usd_total`). Without tokens, ' +
      'and for models on no list, there is no cost.',
    `The built-in list is that of ${date}, from ${source}. \`PRICES_FILE\` names a JSON file that takes precedence over it, ` +
      'model by model. It is read at start; costs that are stored already stay as they are.',
    '## The file',
    `\`\`\`json\n${example}\n\`\`\``,
    'Prices are in USD per million tokens. The first model that matches counts; `*` stands for any characters. A name is ' +
      'tried as it is, then without what routers and clouds put before it (`openai/`, `us.anthropic.`), then without its ' +
      'date. `cached_input`, `cache_write` (five minutes), `cache_write_1h`, `audio_input` and `image_input` are parts of the ' +
      'input, `audio_output` and `image_output` of the output; a part without a price costs what the whole does. Reasoning ' +
      'is output. `service_tiers` multiplies everything by the tier that served the call, `long_context` input and ' +
      'output of calls with more input than `over` tokens.',
    '## The built-in list',
    markdownTable(['Model', 'Input', 'Cached', 'Cache write, 1 h', 'Output', 'Also'], models.map(row)),
  )
}

function row(price: ModelPrice): string[] {
  const { model, input, cachedInput, cacheWrite, cacheWrite1h, output } = price
  const writes = [cacheWrite, cacheWrite1h].filter((usd) => usd !== undefined)
  return [
    code(model),
    String(input),
    String(cachedInput ?? ''),
    writes.join(', '),
    String(output),
    alsoOf(price),
  ]
}

function alsoOf({ audioInput, imageInput, audioOutput, serviceTiers = {}, longContext }: ModelPrice): string {
  const parts = Object.entries({ 'audio in': audioInput, 'image in': imageInput, 'audio out': audioOutput })
  return [
    ...parts.flatMap(([name, usd]) => (usd === undefined ? [] : [`${name} ${usd}`])),
    ...Object.entries(serviceTiers).map(([tier, factor]) => `${tier} × ${Number(factor.toPrecision(4))}`),
    ...(longContext === undefined
      ? []
      : [`over ${longContext.over} tokens × ${longContext.input}, output × ${longContext.output}`]),
  ].join('; ')
}
