import type { Cost } from '../pricing/cost-of.ts'
import type { Ending } from '../record/record.ts'
import type { Link } from '../record/run.ts'
import type { Usage } from '../record/usage.ts'
import type { TokenSums } from './call-store.ts'

/** The agents, calls and tools between a message of the user and the answer to it: one trace. */
export type RunSummary = {
  /** The trace id. */
  readonly id: string
  /** The one that the run began with; absent where its calls have neither tools nor a key. */
  readonly agent?: string
  readonly thread: string
  readonly conversationId: string
  /** Which run of its conversation it is, from 1. */
  readonly turn: number
  /** Runs of its conversation, as far as they are kept. */
  readonly turns: number
  readonly calls: number
  /** Tool spans. */
  readonly tools: number
  readonly tokens: TokenSums
  /** Sum over the calls whose cost is known; absent where it is known of none. */
  readonly cost?: Cost
  /** Start of the first call, ms since 1970. */
  readonly startedAt: number
  /** From there to the end of the call that ended last. */
  readonly durationMs: number
  /** Calls that did not complete. */
  readonly errors: number
  /** Preview of the message that it began with, on one line. */
  readonly input?: string
  /** Preview of the answer that ended last, on one line. */
  readonly output?: string
}

/** A run with the spans of its last 1,000 calls as a tree. */
export type RunDetail = RunSummary & { readonly spans: readonly RunSpan[] }

/** A span of a run with those below it, in order of their start. */
export type RunSpan = {
  readonly kind: 'agent' | 'call' | 'tool'
  readonly name: string
  readonly spanId: string
  /** ms since 1970 */
  readonly startedAt: number
  readonly durationMs: number
  readonly spans: readonly RunSpan[]
  /** The provider ran the tool itself. The times of others are inferred from the calls before and after. */
  readonly byProvider?: true
  /** Present for a call, like all that follows but `input`, `output` and `error`. */
  readonly callId?: string
  /** Monotonic ms after the start. */
  readonly firstByteMs?: number
  readonly firstTokenMs?: number
  /** The call whose attempt failed before. */
  readonly attemptOf?: string
  readonly usage?: Usage
  readonly cost?: Cost
  readonly ending?: Ending
  /** How the call was linked, or why it was not. */
  readonly link?: Link
  /** A tool's: its call failed, as the protocol marks it. A call's: `type: message`. */
  readonly error?: string
  /** Preview of the last message or of the tool's arguments, on one line. */
  readonly input?: string
  /** Preview of the answer or of the tool's result, on one line. */
  readonly output?: string
}

/** The answer where a run is not known. */
export const noSuchRun = 'no such run is kept here'
