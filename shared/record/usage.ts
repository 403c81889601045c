/**
 * Tokens of one call, and where the numbers come from. They are the provider's own, without arithmetic; flags
 * say which count includes which, so that a sink can compute disjoint parts.
 */
export type Usage =
  | { readonly provenance: 'missing' }
  | ({ readonly provenance: 'provider' | 'estimated' } & TokenCounts)

export type TokenCounts = {
  readonly input?: number
  readonly output?: number
  readonly total?: number
  /** Part of `input` read from the provider's cache. */
  readonly cachedInput?: number
  /** Input written to the provider's cache. */
  readonly cacheWrite?: number
  /** Parts of `cacheWrite`, by how long they stay in the cache: each has its own price (Anthropic). */
  readonly cacheWrite5m?: number
  readonly cacheWrite1h?: number
  readonly reasoning?: number
  /** True where `output` does not include `reasoning` (xAI, Perplexity). */
  readonly reasoningOutsideOutput?: boolean
  /** True where only `total` includes reasoning: its excess over the sum is reasoning (Gemini). */
  readonly reasoningInTotalOnly?: boolean
  readonly audioInput?: number
  /** True where `input` does not include `audioInput` (Mistral). */
  readonly audioOutsideInput?: boolean
  /** True where `input` includes neither `cachedInput` nor `cacheWrite` (Anthropic). */
  readonly cacheOutsideInput?: boolean
  readonly audioOutput?: number
  readonly imageInput?: number
  readonly imageOutput?: number
  /** USD, as the provider billed it. */
  readonly cost?: number
}
