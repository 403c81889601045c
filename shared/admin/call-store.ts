import type { Ending, InferenceRecord, Operation } from '../record/record.ts'
import type { Usage } from '../record/usage.ts'

/** Calls that can be looked at, wherever they are kept. Newest first, always. */
export type CallStore = {
  threads(query: { readonly limit: number }): Promise<readonly ThreadSummary[]>
  calls(query: CallQuery): Promise<readonly CallSummary[]>
  call(id: string): Promise<InferenceRecord | undefined>
}

export type CallQuery = {
  /** Only the calls of this row of `threads`. */
  readonly thread?: string
  readonly limit: number
  /** Only calls older than the call of this id; nothing when that call is forgotten, as all before it are. */
  readonly before?: string
}

/**
 * Calls that belong together: those of one thread; without a thread id those of one session; without either
 * those of one trace, which for most clients is a single call.
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
  readonly tokens: { readonly input: number; readonly output: number; readonly total: number }
  /** Calls that did not end well. */
  readonly errors: number
}

/** What gave a thread its name. */
export type ThreadKind = 'thread' | 'session' | 'trace'

/** One call on one line; `call` has all of it. */
export type CallSummary = {
  readonly id: string
  readonly thread: string
  readonly threadKind: ThreadKind
  readonly traceId: string
  readonly sessionId?: string
  readonly userId?: string
  readonly agentKey?: string
  readonly operation: Operation
  readonly model?: string
  readonly stream: boolean
  /** ms since 1970 */
  readonly startedAt: number
  readonly durationMs: number
  readonly firstTokenMs?: number
  readonly usage: Usage
  readonly ending: Ending
  readonly status?: number
  /** `type: message` */
  readonly error?: string
  /** The beginning of what was asked last, on one line. */
  readonly input?: string
  /** The beginning of what the model answered, on one line. */
  readonly output?: string
}
