import type { Field, FuzzResponse } from './case.ts'

/** A request as the upstream received it. */
export type ReceivedRequest = {
  readonly method: string
  readonly url: string
  readonly fields: readonly Field[]
  readonly body: Buffer
  /** How much of the response was written, for people. */
  progress: string
}

/** Messages to the upstream process. */
export type UpstreamCommand =
  | { readonly kind: 'play'; readonly id: string; readonly response: FuzzResponse }
  /** Ends a case: reports its requests and removes it. */
  | { readonly kind: 'finish'; readonly id: string }
  | { readonly kind: 'count' }

/** Messages from the upstream process. */
export type UpstreamMessage =
  | { readonly kind: 'listening'; readonly port: number }
  /** The response of `play` is registered. */
  | { readonly kind: 'ready'; readonly id: string }
  | { readonly kind: 'received'; readonly id: string; readonly requests: readonly ReceivedRequest[] }
  /** Number of calls so far; a call received twice counts once. */
  | { readonly kind: 'counted'; readonly calls: number }
