import type { ModelPrice, PriceList } from './price-list.ts'

type Tiers = NonNullable<ModelPrice['serviceTiers']>

const flexAnd = (priority: number): Tiers => ({ flex: 0.5, priority, fast: priority })
const onlyPriority = (priority: number): Tiers => ({ priority, fast: priority })
const over272k = { longContext: { over: 272_000, input: 2, output: 1.5 } }
const over200k = { longContext: { over: 200_000, input: 2, output: 1.5 } }

type More = Omit<ModelPrice, 'model' | 'input' | 'output'>

const priced = (model: string, input: number, output: number, more: More = {}): ModelPrice => ({
  model,
  input,
  output,
  ...more,
})

const cached = (model: string, input: number, cachedInput: number, output: number, more: More = {}) =>
  priced(model, input, output, { cachedInput, ...more })

/** Anthropic's cache: a read costs a tenth, a write for five minutes 1.25 times, one for an hour twice the input. */
const claude = (model: string, input: number, output: number, more: More = {}): ModelPrice =>
  priced(model, input, output, {
    cachedInput: perMillion(input * 0.1),
    cacheWrite: perMillion(input * 1.25),
    cacheWrite1h: perMillion(input * 2),
    ...more,
  })

const fastMode: More = { serviceTiers: { fast: 2 } }

const perMillion = (usd: number): number => Number(usd.toPrecision(12))

const gpt56 = (name: string, input: number, output: number): ModelPrice =>
  cached(`gpt-5.6-${name}`, input, perMillion(input * 0.1), output, {
    cacheWrite: perMillion(input * 1.25),
    serviceTiers: flexAnd(2),
    ...over272k,
  })

const openAi: readonly ModelPrice[] = [
  priced('gpt-4o-2024-05-13', 5, 15, { serviceTiers: onlyPriority(1.75) }),
  cached('gpt-4o', 2.5, 1.25, 10, { serviceTiers: onlyPriority(1.7) }),
  cached('gpt-4o-mini', 0.15, 0.075, 0.6, { serviceTiers: onlyPriority(5 / 3) }),
  priced('chatgpt-4o', 5, 15),
  priced('gpt-4o-audio-preview', 2.5, 10, { audioInput: 100, audioOutput: 200 }),
  cached('gpt-4o-realtime-preview', 5, 2.5, 20, { audioInput: 100, audioOutput: 200 }),
  cached('gpt-4.1', 2, 0.5, 8, { serviceTiers: onlyPriority(1.75) }),
  cached('gpt-4.1-mini', 0.4, 0.1, 1.6, { serviceTiers: onlyPriority(1.75) }),
  cached('gpt-4.1-nano', 0.1, 0.025, 0.4, { serviceTiers: onlyPriority(2) }),
  cached('gpt-4.5-preview', 75, 37.5, 150),
  cached('gpt-5', 1.25, 0.125, 10, { serviceTiers: flexAnd(2) }),
  cached('gpt-5-chat', 1.25, 0.125, 10),
  cached('gpt-5-mini', 0.25, 0.025, 2, { serviceTiers: flexAnd(1.8) }),
  cached('gpt-5-nano', 0.05, 0.005, 0.4, { serviceTiers: { flex: 0.5 } }),
  priced('gpt-5-pro', 15, 120),
  cached('gpt-5.1', 1.25, 0.125, 10, { serviceTiers: flexAnd(2) }),
  cached('gpt-5.2', 1.75, 0.175, 14, { serviceTiers: flexAnd(2) }),
  priced('gpt-5.2-pro', 21, 168),
  cached('gpt-5.3-codex', 1.75, 0.175, 14),
  cached('gpt-5.4', 2.5, 0.25, 15, { serviceTiers: flexAnd(2), ...over272k }),
  priced('gpt-5.4-pro', 30, 180, { serviceTiers: { flex: 0.5 }, ...over272k }),
  cached('gpt-5.4-mini', 0.75, 0.075, 4.5, { serviceTiers: flexAnd(2) }),
  cached('gpt-5.4-nano', 0.2, 0.02, 1.25, { serviceTiers: { flex: 0.5 } }),
  cached('gpt-5.5', 5, 0.5, 30, { serviceTiers: flexAnd(2.5), ...over272k }),
  priced('gpt-5.5-pro', 30, 180, { serviceTiers: { flex: 0.5 }, ...over272k }),
  gpt56('sol', 5, 30),
  gpt56('terra', 2, 12),
  gpt56('luna', 0.2, 1.2),
  cached('o1', 15, 7.5, 60),
  cached('o1-preview', 15, 7.5, 60),
  cached('o1-mini', 1.1, 0.55, 4.4),
  priced('o1-pro', 150, 600),
  cached('o3', 2, 0.5, 8, { serviceTiers: flexAnd(1.75) }),
  cached('o3-mini', 1.1, 0.55, 4.4),
  priced('o3-pro', 20, 80),
  cached('o4-mini', 1.1, 0.275, 4.4, { serviceTiers: flexAnd(20 / 11) }),
  priced('gpt-4', 30, 60),
  priced('gpt-4-0314', 30, 60),
  priced('gpt-4-0613', 30, 60),
  priced('gpt-4-32k*', 60, 120),
  priced('gpt-4-turbo*', 10, 30),
  priced('gpt-4-*-preview', 10, 30),
  ...['gpt-3.5-turbo', 'gpt-35-turbo'].flatMap((name) => [
    priced(`${name}-0301`, 2, 2),
    priced(`${name}-0613`, 1.5, 2),
    priced(`${name}-1106`, 1, 2),
    priced(`${name}-instruct`, 1.5, 2),
    priced(`${name}-16k-0613`, 3, 4),
    priced(name, 0.5, 1.5),
    priced(`${name}-0125`, 0.5, 1.5),
    priced(`${name}-16k`, 0.5, 1.5),
  ]),
  priced('text-embedding-3-small', 0.02, 0),
  priced('text-embedding-3-large', 0.13, 0),
  priced('text-embedding-ada-002', 0.1, 0),
]

const anthropic: readonly ModelPrice[] = [
  claude('claude-opus-5', 5, 25, fastMode),
  claude('claude-sonnet-5', 2, 10),
  claude('claude-fable-5', 10, 50),
  claude('claude-mythos-5', 10, 50),
  claude('claude-haiku-4-5', 1, 5),
  claude('claude-opus-4-1', 15, 75),
  claude('claude-opus-4-5', 5, 25),
  claude('claude-opus-4-6', 5, 25),
  claude('claude-opus-4-7', 5, 25),
  claude('claude-opus-4-8', 5, 25, fastMode),
  claude('claude-opus-4', 15, 75),
  claude('claude-sonnet-4*', 3, 15),
  claude('claude-3-7-sonnet*', 3, 15),
  claude('claude-3.7-sonnet*', 3, 15),
  claude('claude-3-5-sonnet*', 3, 15),
  claude('claude-3-5-haiku*', 0.8, 4),
  claude('claude-3-sonnet', 3, 15),
  priced('claude-3-opus', 15, 75),
  priced('claude-3-haiku', 0.25, 1.25),
]

const google: readonly ModelPrice[] = [
  cached('gemini-3.7-flash', 0.75, 0.075, 3.75),
  cached('gemini-3.6-flash', 0.75, 0.075, 3.75),
  cached('gemini-3.5-flash', 1.5, 0.15, 9),
  cached('gemini-3.5-flash-lite', 0.3, 0.03, 2.5),
  cached('gemini-3.1-pro-preview*', 2, 0.2, 12, over200k),
  cached('gemini-3.1-flash-lite*', 0.25, 0.025, 1.5, { audioInput: 0.5 }),
  cached('gemini-3-pro-preview', 2, 0.2, 12, over200k),
  cached('gemini-3-flash-preview', 0.5, 0.05, 3),
  cached('gemini-2.5-pro', 1.25, 0.125, 10, over200k),
  cached('gemini-2.5-flash', 0.3, 0.03, 2.5, { audioInput: 1 }),
  cached('gemini-2.5-flash-lite', 0.1, 0.01, 0.4, { audioInput: 0.3 }),
  priced('gemini-2.0-flash', 0.1, 0.4),
  priced('gemini-2.0-flash-001', 0.1, 0.4),
  priced('gemini-2.0-flash-lite*', 0.075, 0.3),
  priced('gemini-1.5-pro', 2.5, 7.5),
  priced('gemini-live-2.5-flash-native-audio', 0.5, 2, { audioInput: 3, imageInput: 3, audioOutput: 12 }),
]

/**
 * List prices of OpenAI, Anthropic and Google. From worker/src/constants/default-model-prices.json of langfuse/langfuse,
 * v4.16.0, so that a call costs here what it costs on Langfuse's page; PRICES_FILE takes precedence.
 */
export const builtInPrices: PriceList = {
  source: 'langfuse/langfuse v4.16.0',
  date: '2026-08-22',
  models: [...openAi, ...anthropic, ...google],
}
