/**
 * Tokens of one call, and who says so. The numbers are the provider's own, no arithmetic done; which part
 * contains which is told beside them, so that a sink can make disjoint parts of them.
 */
export type Usage =
  | { readonly provenance: 'missing' }
  | ({ readonly provenance: 'provider' | 'estimated' } & TokenCounts)

export type TokenCounts = {
  readonly input?: number
  readonly output?: number
  readonly total?: number
  /** Part of `input` that came from the provider's cache. */
  readonly cachedInput?: number
  /** Input that was written to the provider's cache. */
  readonly cacheWrite?: number
  readonly reasoning?: number
  /** True where `output` does not contain `reasoning` (xAI, Perplexity). */
  readonly reasoningOutsideOutput?: boolean
  /** True where reasoning is counted in `total` alone: what that has over the sum is reasoning (Gemini). */
  readonly reasoningInTotalOnly?: boolean
  readonly audioInput?: number
  /** True where `input` does not contain `audioInput` (Mistral). */
  readonly audioOutsideInput?: boolean
  /** True where `input` contains neither `cachedInput` nor `cacheWrite` (Anthropic). */
  readonly cacheOutsideInput?: boolean
  readonly audioOutput?: number
  readonly imageInput?: number
  readonly imageOutput?: number
  /** USD, as the provider billed it. */
  readonly cost?: number
}
