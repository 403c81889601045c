import type { Ending, InferenceRecord, Operation } from '../record/record.ts'
import type { Usage } from '../record/usage.ts'

/** Recorded calls, wherever they are stored; newest first. */
export type CallStore = {
  threads(query: { readonly limit: number }): Promise<readonly ThreadSummary[]>
  calls(query: CallQuery): Promise<readonly CallSummary[]>
  call(id: string): Promise<InferenceRecord | undefined>
}

export type CallQuery = {
  /** Only the calls of this `ThreadSummary`. */
  readonly thread?: string
  readonly limit: number
  /** Only calls older than the call with this id; none when that call was evicted, as all before it were. */
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
  /** Calls that did not complete. */
  readonly errors: number
}

/** Which id names the thread. */
export type ThreadKind = 'thread' | 'session' | 'trace'

/** One call in a list; `CallStore.call` returns the whole record. */
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
  /** Preview of the last input, on one line. */
  readonly input?: string
  /** Preview of the output, on one line. */
  readonly output?: string
}
