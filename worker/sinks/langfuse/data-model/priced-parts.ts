/** The parts of a usage that providers report beside input and output. */
export type Part =
  | 'cachedInput'
  | 'cacheWrite'
  | 'cacheWrite1h'
  | 'audioInput'
  | 'imageInput'
  | 'reasoning'
  | 'audioOutput'
  | 'imageOutput'

/** Langfuse's usage key of each part that has a price of its own; of `input` and `output`, where it is another one. */
export type PricedParts = Partial<Readonly<Record<Part | 'input' | 'output', string>>>

const cached: PricedParts = { cachedInput: 'input_cached_tokens' }
// `output_reasoning` has a price for OpenAI's and for Gemini's models, `output_reasoning_tokens` for OpenAI's alone.
const reasoning: PricedParts = { reasoning: 'output_reasoning' }
const cachedAndReasoning: PricedParts = { ...cached, ...reasoning }
const audio: PricedParts = {
  input: 'input_text_tokens',
  output: 'output_text_tokens',
  audioInput: 'input_audio_tokens',
  audioOutput: 'output_audio_tokens',
}
const live: PricedParts = {
  input: 'input_text',
  output: 'output_text',
  audioInput: 'input_audio',
  imageInput: 'input_image',
  audioOutput: 'output_audio',
}
const claude: PricedParts = {
  ...cached,
  cacheWrite: 'input_cache_creation_5m',
  cacheWrite1h: 'input_cache_creation_1h',
}

/**
 * Which parts Langfuse has a price for, by model; the first match counts. A key without a price costs nothing, so that
 * a part that is split off without one is free: 600 of 1000 tokens of gpt-4o-mini were, as reasoning (measured).
 *
 * From worker/src/constants/default-model-prices.json of langfuse/langfuse, v4.16.0, 2026-08-22.
 */
const families: readonly (readonly [models: RegExp, parts: PricedParts])[] = [
  [/^gpt-4o-audio-preview/, audio],
  [/^gpt-4o-realtime-preview/, { ...audio, cachedInput: 'input_cached_text_tokens' }],
  [/^gpt-4o-2024-05-13$/, {}],
  [/^gpt-(4o|4\.1|4\.5|5\.4-(mini|nano))(-|$)/, cached],
  [/^(o\d|gpt-5(\.\d+)?)-pro(-|$)/, reasoning],
  [/^gpt-5\.6-/, { ...cachedAndReasoning, cacheWrite: 'input_cache_creation' }],
  [/^(o\d|gpt-5(\.\d+)?)(-|$)/, cachedAndReasoning],
  [/^claude-(3-opus|3-haiku|2|1|instant)/, {}],
  [/^claude-/, claude],
  [/^gemini-live-/, live],
  [
    /^gemini-(2\.5-flash(-lite)?|3\.1-flash-lite(-preview)?)$/,
    { ...cachedAndReasoning, audioInput: 'input_audio_tokens' },
  ],
  [/^gemini-(2\.5|3)/, cachedAndReasoning],
]

/** @returns the parts that have a price of their own; none for a model that is not in Langfuse's list */
export function pricedParts(model: string | undefined): PricedParts {
  const name = baseName(pricedName(model ?? ''))
  return families.find(([models]) => models.test(name))?.[1] ?? {}
}

/** Langfuse matches with these prefixes too: of routers, and of Bedrock's regions. */
const baseName = (model: string): string =>
  model
    .toLowerCase()
    .replace(/^(openai|anthropic|google|googleai)\//, '')
    .replace(/^((eu|us|apac|au|jp|global)\.)?anthropic\./, '')

/**
 * @returns the name under which Langfuse has the model's price: without the prefixes of routers that its list does not
 * match (`azure/gpt-5`, `models/gemini-2.5-pro`, `openrouter/openai/gpt-5`, `openai/text-embedding-3-small`)
 */
export const pricedName = (model: string): string =>
  model
    .replace(/^(azure|azure_ai|models|gemini|vertex_ai|bedrock|openrouter)\//i, '')
    .replace(/^openai\/(?=text-|chatgpt-)/i, '')
