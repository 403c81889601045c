import type { AgentPlace } from '../../shared/record/run.ts'

/**
 * What is remembered of a call, to link later ones to it: ids of our own, and hashes. Nothing in here can be read back as
 * what was said.
 */
export type CallNode = {
  /** The record's id. */
  readonly id: string
  readonly scope: string
  readonly traceId: string
  /** The span of the caller below which a call of a trace that he named hangs. */
  readonly callerSpanId?: string
  /** The caller named the trace, with this call or with one that it goes on from. */
  readonly isExplicit: boolean
  readonly parentId?: string
  readonly run: RunNode
  readonly step: number
  readonly agent?: AgentNode
  /** Hash of all that its request holds of the conversation. */
  readonly prefix: string
  /** Hash of all that decides its answer, instructions and tools included. */
  readonly request: string
  readonly isFailed: boolean
  /** Wall clock, ms since 1970. */
  readonly startedAt: number
  readonly endedAt: number
  readonly toolCalls: readonly ToolCallNode[]
  /** Calls that went on from its answer. */
  continuations: number
}

/** A tool call that the answer asked for. */
export type ToolCallNode = {
  /** Hash of its id; empty where it has none. */
  readonly id: string
  /** Id of the span that it will have. */
  readonly spanId: string
  /** Traces of the texts in its arguments: a sub-agent may begin with one. */
  readonly texts: readonly TextTrace[]
  /** Its result came with a later request. */
  isAnswered: boolean
}

/** Recognises a text within another one; see text-trace.ts. */
export type TextTrace = { readonly length: number; readonly head: number; readonly whole: string }

/** What the calls of one run share. */
export type RunNode = {
  readonly conversationId: string
  readonly turn: number
  /** The run's agents; the first one began it. */
  readonly agents: AgentNode[]
}

export type AgentNode = AgentPlace & {
  /** Hash of its key, or of its instructions; empty where it has neither. */
  readonly instructions: string
  /** Hash of the names of its tools. */
  readonly tools: string
}
