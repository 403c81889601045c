import type { Usage } from './usage.ts'

/** How a response was served, as it says itself. */
export type ServedFacts = {
  /** The tier that served it, which decides the price: `default`, `flex`, `priority`, ... */
  readonly serviceTier?: string
  /** The mode of inference that served it, which decides the price too: `standard` or `fast` (Anthropic). */
  readonly speed?: string
  readonly systemFingerprint?: string
  /** Whom a router chose: `Novita`, `DeepInfra`, ... (OpenRouter). */
  readonly servedBy?: string
  /**
   * State of a stored or background response: `queued` and `in_progress` while it runs, then `completed`,
   * `incomplete`, `failed` or `cancelled`.
   */
  readonly state?: string
  /** True where it is generated in the background, whoever is connected. */
  readonly background?: true
  /** When it was complete, by the upstream's clock: ms since 1970, in whole seconds. */
  readonly finishedAt?: number
  /** What the server measured, under its own names: `prompt_ms`, `predicted_per_second`, ... (llama.cpp, Cerebras). */
  readonly timings?: Readonly<Record<string, number>>
  /** What filters found; what they found safe is left out. */
  readonly filters?: readonly FilterResult[]
}

export type FilterResult = {
  readonly of: 'prompt' | 'response'
  /** Index of the prompt or choice. */
  readonly index: number
  /** As the provider names it: `hate`, `jailbreak`, `protected_material_code`, ... */
  readonly category: string
  /** True where it was for this that something was withheld. */
  readonly filtered: boolean
  /** As the provider names it: `low`, `medium`, `high`; or a number as text. */
  readonly severity?: string
}

/** A stored or background response that this call fetched again; its tokens count for the call that generated it. */
export type FetchedResponse = {
  /** The upstream's id of the response. */
  readonly id?: string
  readonly state?: string
  /** What the response reports of the call that generated it. */
  readonly usage: Usage
}
