import type { Ending, Operation } from '../record/record.ts'
import type { CallDelivery } from './call-store.ts'

/** A call while it goes on, and for a while after. */
export type LiveCall = {
  readonly id: string
  readonly threadId?: string
  readonly sessionId?: string
  readonly userId?: string
  readonly agentKey?: string
  /** Name of the agent that made the call, once it is over: `agent_<key>`, or found by its instructions or tools. */
  readonly agent?: string
  readonly operation: Operation
  readonly upstream: string
  /** As the client named it; absent until the request is known. */
  readonly model?: string
  /** ms since 1970 */
  readonly startedAt: number
  /** `waiting`: nothing of the response has come; `answering`: some of it has; `ended`: the call is over. */
  readonly phase: 'waiting' | 'answering' | 'ended'
  /** Nothing has come for long; see `stalledAfterMs`. */
  readonly stalled?: true
  /** When something of the call last went by, ms since 1970. */
  readonly lastAt: number
  readonly status?: number
  readonly firstByteMs?: number
  readonly firstTokenMs?: number
  /** Present once the call is over. */
  readonly durationMs?: number
  /** Bytes of the response so far. */
  readonly bodyBytes: number
  /** UTF-16 units that the model has written so far; absent where nothing is read as it comes, and with CAPTURE_CONTENT=none. */
  readonly characters?: number
  /** As far as the upstream has reported them. */
  readonly tokens: { readonly input?: number; readonly output?: number }
  readonly speed?: Speed
  /** The end of what the model has written so far; see `LiveSnapshot.words`. */
  readonly lastWords?: string
  readonly ending?: Ending
  /** `type: message` */
  readonly error?: string
  readonly delivery: LiveDelivery
}

/** How fast the model writes, since its first token. */
export type Speed = { readonly perSecond: number; readonly of: 'tokens' | 'characters' }

/** Where the call's record is. `spooled`: on its way; `queued`: in Redis, for a worker. */
export type LiveDelivery =
  | 'in_flight'
  | 'spooled'
  | 'queued'
  | Extract<CallDelivery['state'], 'delivered' | 'dead_lettered' | 'dropped'>

/** When a call that goes on counts as stalled, in ms: models think before they begin, and then they write. */
export const stalledAfterMs = { waiting: 60_000, answering: 10_000 } as const

export type LiveSnapshot = {
  /** ms since 1970 */
  readonly at: number
  /** Whether last words are shown: not where CAPTURE_CONTENT or REDACT keep them out of the records. */
  readonly words: 'shown' | 'capture_content' | 'redact'
  /** Calls in flight, newest first: at most `maxLiveCalls`. */
  readonly calls: readonly LiveCall[]
  /** All calls in flight. */
  readonly inFlight: number
}

export const maxLiveCalls = 500

/** The calls that go by in this process. */
export type LiveCalls = {
  snapshot(): LiveSnapshot
  /** @returns undefined where there are as many viewers as there may be */
  watch(): LiveViewer | undefined
}

/** Viewers at once. */
export const maxViewers = 10

/** What a viewer gets: the state of calls that have changed, ids of calls that have no record, a number left out. */
export type LiveUpdate =
  | { readonly event: 'snapshot' | 'calls' | 'gone' /** JSON */; readonly data: string }
  | { readonly event: 'skipped'; readonly data: string }
  /** Nothing has happened for a while. */
  | { readonly event: 'heartbeat' }
  /** There is nothing more: the process stops, or the viewer took nothing for too long. */
  | { readonly event: 'end' }

export type LiveViewer = {
  /** Resolves with what has happened since the last time, once something has. Called again only after that. */
  next(): Promise<readonly LiveUpdate[]>
  close(): void
}
