import type { Json } from '../json.ts'

/** The evidence by which a call belongs to another one. A closed set: it is a metric label. */
export const linkKinds = [
  /** The caller named the trace. */
  'explicit',
  /** `previous_response_id` */
  'response_id',
  /** `conversation` of the Responses API */
  'conversation',
  /** A tool's result names the call that asked for it. */
  'tool_id',
  /** An item's id, encrypted reasoning, or a signature came back. */
  'item',
  /** The same history, and the answer that followed it. */
  'history',
  /** A call began while another one's tool ran, with an argument of it as its first message. */
  'subagent',
  'none',
] as const satisfies readonly LinkKind[]

export type LinkKind =
  | 'explicit'
  | 'response_id'
  | 'conversation'
  | 'tool_id'
  | 'item'
  | 'history'
  | 'subagent'
  | 'none'

/** Why a call that shows a history stands alone all the same. A closed set: it is a metric label. */
export const linkRefusals = [
  /** Several calls fit equally well: a wrong merge costs more than a split. */
  'ambiguous',
  /** It names a response that went by elsewhere, or too long ago. */
  'response_id_unknown',
  /** Its history fits, but the answer in it is too short to tell. */
  'short_answer',
  /** It repeats a history that nobody here has seen. */
  'history_unknown',
] as const satisfies readonly LinkRefusal[]

export type LinkRefusal = 'ambiguous' | 'response_id_unknown' | 'short_answer' | 'history_unknown'

/**
 * What a linked call is to the one that it follows. `step`: it brings tool results, or continues the answer; `turn`: a
 * new message of the user, which begins a run of its own; `attempt`: the same request after one that failed;
 * `regeneration`: the same request after one that succeeded; `branch`: another continuation of what was continued
 * already; `handoff`: a step that another agent takes; `subagent`: an agent that runs as a tool of another one.
 */
export type Relation = 'step' | 'turn' | 'attempt' | 'regeneration' | 'branch' | 'handoff' | 'subagent'

/** How a call was linked to earlier ones; see docs/agent-runs.md. */
export type Link = {
  readonly kind: LinkKind
  readonly refused?: LinkRefusal
  readonly relation?: Relation
  /** Id of the record that it follows. */
  readonly parentCallId?: string
  /** The history was compacted since. */
  readonly compacted?: true
}

/**
 * The run that a call belongs to: calls of one agent, and of those that it hands over to or runs as tools, between a
 * message of the user and the answer to it. A run is one trace.
 */
export type Run = {
  /** 32 lower-case hex, the same for all turns of a conversation: the session of calls that name none. */
  readonly conversationId: string
  /** Which run of its conversation it is, from 1. */
  readonly turn: number
  /** How many calls lead to this one within its run, with it: 1 for the first. */
  readonly step: number
  /** The agent that made the call; absent where neither tools nor a key tell of one, and where the caller named the trace. */
  readonly agent?: RunAgent
  /** The agent that the run began with, where it is another one. */
  readonly root?: AgentPlace
}

/** A span around the calls of an agent in one run. Its id and start are the same in each of their records. */
export type AgentPlace = {
  /** 16 lower-case hex. */
  readonly spanId: string
  /** Wall clock, ms since 1970: start of its first call. */
  readonly startedAt: number
  /** Of an agent that runs as a tool: that tool's span; of one that was handed to: the span of the run's first agent. */
  readonly parentSpanId?: string
}

export type RunAgent = AgentPlace & {
  /** `agent_<key>`, or `agent_` and a few words of its instructions, or of its tools. */
  readonly name: string
}

/**
 * A tool's run, inferred from two calls: it began when the answer that asked for it ended, and ended when the request that
 * brings its result began, so that it includes whatever else the client did. Of a tool that the provider ran itself
 * (`byProvider`) the times are those of the call that it ran in.
 */
export type ToolSpan = {
  /** 16 lower-case hex, derived from the call that asked. */
  readonly spanId: string
  /** The agent that asked, or the call that the provider ran it in. */
  readonly parentSpanId?: string
  /** Id of the record whose answer asked for it. */
  readonly askedBy: string
  /** Of the tool call, as the model or the provider gave it. */
  readonly callId?: string
  /** Absent, like the arguments, where only the answer that asked has it: the worker adds both from its record. */
  readonly name?: string
  /** Parsed where it is JSON. */
  readonly arguments?: Json
  readonly result?: Json
  /** The protocol itself marks the result as an error. */
  readonly isError?: true
  readonly byProvider?: true
  /** Wall clock, ms since 1970. */
  readonly startedAt: number
  readonly endedAt: number
}
