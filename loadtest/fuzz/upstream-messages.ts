import type { Field, FuzzAnswer } from './case.ts'

/** A request as it reached the upstream. */
export type Seen = {
  readonly method: string
  readonly url: string
  readonly fields: readonly Field[]
  readonly body: Buffer
  /** How far its answer came, for people. */
  progress: string
}

/** What the upstream's process is told. */
export type ToUpstream =
  | { readonly kind: 'play'; readonly id: string; readonly answer: FuzzAnswer }
  /** The case is over: tell what came, and forget it. */
  | { readonly kind: 'over'; readonly id: string }
  | { readonly kind: 'count' }

/** What it tells. */
export type FromUpstream =
  | { readonly kind: 'listening'; readonly port: number }
  /** It knows the answer that it was given to play. */
  | { readonly kind: 'ready'; readonly id: string }
  | { readonly kind: 'seen'; readonly id: string; readonly requests: readonly Seen[] }
  /** Calls that came in all: a call that came twice counts once. */
  | { readonly kind: 'counted'; readonly calls: number }
