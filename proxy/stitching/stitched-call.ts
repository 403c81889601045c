import type { Link, Run, ToolSpan } from '../../shared/record/run.ts'
import type { Answer, Conversation } from './reading/conversation.ts'

/** A call that is over, as linking needs it. */
export type EndedCall = {
  /** The record's id. */
  readonly id: string
  /** Hash of upstream, credential and explicit session: nothing is linked across scopes. */
  readonly scope: string
  /** The caller named the session: what fits within it may be shorter than elsewhere. */
  readonly hasSession: boolean
  /** As the caller named it, else made for this call. */
  readonly traceId: string
  readonly isExplicit: boolean
  readonly spanId: string
  /** The caller's span, from `traceparent`. */
  readonly callerSpanId?: string
  readonly agentKey?: string
  /** Record id of the first attempt, where the client reports a retry. */
  readonly attemptOf?: string
  /** Wall clock, ms since 1970. */
  readonly startedAt: number
  readonly endedAt: number
  readonly isFailed: boolean
  readonly conversation: Conversation
  readonly answer: Answer
}

/** A call whose answer came later than the call, such as a background response. */
export type AnsweredCall = Pick<EndedCall, 'id' | 'spanId' | 'startedAt' | 'endedAt' | 'answer'>

/** What a call's record says of its run; decided once. */
export type Stitched = {
  readonly traceId: string
  readonly parentSpanId?: string
  readonly link: Link
  readonly run: Run
  readonly toolSpans: readonly ToolSpan[]
}
