import type { DropReason } from '../ledger/ledger.ts'
import type { Cost } from '../pricing/cost-of.ts'
import type { Ending, InferenceRecord, Operation } from '../record/record.ts'
import type { Link } from '../record/run.ts'
import type { Usage } from '../record/usage.ts'
import type { CallSearch } from './call-search.ts'
import type { RunDetail, RunSummary } from './runs.ts'

/** Recorded calls where they are stored. */
export type CallStore = CallQueries & CallSearch

/** Recorded calls, wherever they are stored; newest first. */
export type CallQueries = {
  threads(query: { readonly limit: number }): Promise<readonly ThreadSummary[]>
  calls(query: CallQuery): Promise<readonly CallSummary[]>
  /** @param id of a call, or at least six characters that it ends with: then the newest such call */
  call(id: string): Promise<CallDetail | undefined>
  /** Agent runs: traces whose calls were looked at for links. */
  runs(query: { readonly limit: number }): Promise<readonly RunSummary[]>
  /** @param id of a run or of one of its calls, or at least six characters that it ends with: then the newest such run */
  run(id: string): Promise<RunDetail | undefined>
}

/** The answer where a call is not known. */
export const noSuchCall = 'no such call is kept here'

/** The calls cannot be read at the moment; the message is one sentence for people. */
export class CallsUnavailable extends Error {
  override readonly name = 'CallsUnavailable'
}

/** One call in full. */
export type CallDetail = InferenceRecord & { readonly cost?: Cost; readonly delivery: CallDelivery }

/** What became of a call's record: `local` where it goes nowhere but into the local store. */
export type CallDelivery =
  | { readonly state: 'local' | 'pending' }
  | { readonly state: 'delivered' | 'dead_lettered' /** ms since 1970 */; readonly at: number }
  | { readonly state: 'dropped'; readonly at: number; readonly reason: DropReason }

export type CallQuery = {
  /** Only the calls of this `ThreadSummary`. */
  readonly thread?: string
  readonly limit: number
  /** Only calls older than the call with this id; none when that call was evicted, as all before it were. */
  readonly before?: string
}

/**
 * Calls that belong together: those of one thread; without a thread id those of one session; without either those of one
 * conversation, as they were linked, else of one trace.
 */
export type ThreadSummary = {
  readonly thread: string
  readonly kind: ThreadKind
  readonly calls: number
  /** Start of the first call, ms since 1970. */
  readonly firstAt: number
  /** Start of the last call, ms since 1970. */
  readonly lastAt: number
  readonly users: readonly string[]
  readonly sessions: readonly string[]
  readonly models: readonly string[]
  readonly tokens: TokenSums
  /** Sum over the calls whose cost is known; absent where it is known of none. */
  readonly cost?: Cost
  /** Calls that did not complete. */
  readonly errors: number
}

/** Sums over the calls whose usage is known. */
export type TokenSums = { readonly input: number; readonly output: number; readonly total: number }

/** Which id names the thread. */
export type ThreadKind = 'thread' | 'session' | 'conversation' | 'trace'

/** One call in a list; `CallStore.call` returns the whole record. */
export type CallSummary = {
  readonly id: string
  readonly thread: string
  readonly threadKind: ThreadKind
  readonly traceId: string
  readonly sessionId?: string
  readonly userId?: string
  readonly agentKey?: string
  /** How the call was linked to earlier ones. */
  readonly link?: Link
  /** The run's conversation: all its turns have it. */
  readonly conversationId?: string
  /** Which run of the conversation the call is in, from 1. */
  readonly turn?: number
  /** Name of the agent that made the call. */
  readonly agent?: string
  /** Tools whose results came with it, or that the provider ran within it. */
  readonly tools?: number
  readonly operation: Operation
  /** Older versions did not note it. */
  readonly upstream?: string
  readonly model?: string
  readonly stream: boolean
  /** ms since 1970 */
  readonly startedAt: number
  readonly durationMs: number
  readonly firstTokenMs?: number
  readonly usage: Usage
  readonly cost?: Cost
  readonly ending: Ending
  readonly status?: number
  /** `type: message` */
  readonly error?: string
  /** Preview of the last input, on one line. */
  readonly input?: string
  /** Preview of the output, on one line. */
  readonly output?: string
}
