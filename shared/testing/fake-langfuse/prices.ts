/** USD per token, by usage type. A type that is not listed costs nothing. */
export type Prices = Readonly<Record<string, number>>

/** `fast` by the parameter `service_tier`, Anthropic's by `speed`. */
type Model = { readonly names: RegExp; readonly prices: Prices; readonly fast?: Prices }

const claudeSonnet: Prices = {
  input: 3e-6,
  output: 1.5e-5,
  input_cache_creation: 3.75e-6,
  input_cache_creation_5m: 3.75e-6,
  input_cache_creation_1h: 6e-6,
  input_cached_tokens: 3e-7,
  input_cache_read: 3e-7,
}
const gpt56: Prices = {
  input: 5e-6,
  input_cached_tokens: 5e-7,
  input_cache_creation: 6.25e-6,
  cache_write_tokens: 6.25e-6,
  output: 3e-5,
  output_reasoning: 3e-5,
  output_reasoning_tokens: 3e-5,
}
const doubled = (prices: Prices): Prices =>
  Object.fromEntries(Object.entries(prices).map(([key, price]) => [key, price * 2]))

const claudeOpus: Prices = {
  input: 5e-6,
  output: 2.5e-5,
  input_cache_creation_5m: 6.25e-6,
  input_cache_creation_1h: 1e-5,
  input_cached_tokens: 5e-7,
}

/** A part of worker/src/constants/default-model-prices.json of langfuse/langfuse, v4.16.0: one model of each family. */
const models: readonly Model[] = [
  {
    names: /^(openai\/)?gpt-4o-mini(-2024-07-18)?$/i,
    prices: { input: 1.5e-7, output: 6e-7, input_cached_tokens: 7.5e-8, input_cache_read: 7.5e-8 },
  },
  { names: /^(openai\/)?gpt-4$/i, prices: { input: 3e-5, output: 6e-5 } },
  {
    names: /^(openai\/)?gpt-4o-audio-preview(-2024-10-01)?$/i,
    prices: {
      input_text_tokens: 2.5e-6,
      output_text_tokens: 1e-5,
      input_audio_tokens: 1e-4,
      output_audio_tokens: 2e-4,
    },
  },
  {
    names: /^(openai\/)?gpt-5(-2025-08-07)?$/i,
    prices: {
      input: 1.25e-6,
      input_cached_tokens: 1.25e-7,
      output: 1e-5,
      output_reasoning: 1e-5,
      output_reasoning_tokens: 1e-5,
    },
  },
  {
    names: /^(openai\/)?gpt-5\.4-mini(-2026-03-17)?$/i,
    prices: { input: 7.5e-7, input_cached_tokens: 7.5e-8, output: 4.5e-6 },
  },
  { names: /^(openai\/)?gpt-5\.6-sol$/i, prices: gpt56, fast: doubled(gpt56) },
  {
    names: /^(openai\/)?o3-pro(-2025-06-10)?$/i,
    prices: { input: 2e-5, output: 8e-5, output_reasoning: 8e-5, output_reasoning_tokens: 8e-5 },
  },
  {
    names:
      /^((anthropic\/)?claude-sonnet-4-5(-20250929)?|(us\.)?anthropic\.claude-sonnet-4-5-20250929-v1:0)$/i,
    prices: claudeSonnet,
  },
  { names: /^(anthropic\/)?claude-opus-5$/i, prices: claudeOpus, fast: doubled(claudeOpus) },
  { names: /^(anthropic\/)?claude-3-haiku-20240307$/i, prices: { input: 2.5e-7, output: 1.25e-6 } },
  {
    names: /^(google(ai)?\/)?gemini-2\.5-flash$/i,
    prices: {
      input: 3e-7,
      input_cached_tokens: 3e-8,
      input_audio_tokens: 1e-6,
      output: 2.5e-6,
      output_reasoning: 2.5e-6,
      output_reasoning_tokens: 2.5e-6,
    },
  },
  { names: /^text-embedding-3-small$/i, prices: { total: 2e-8 } },
]

/** @param tier the model parameter `service_tier`, or `speed`, which only some models have other prices for */
export function priceOf(model: string | null, tier?: string): Prices | undefined {
  const known = models.find(({ names }) => model !== null && names.test(model))
  return known?.fast !== undefined && (tier === 'priority' || tier === 'fast') ? known.fast : known?.prices
}
