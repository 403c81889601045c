import type { Json, JsonObject } from '../../json.ts'
import type { ChatView } from './chat/chat-view.ts'

/** A row of the database, as the read APIs and the tests see it. */
export type Observation = {
  readonly id: string
  readonly traceId: string
  readonly parentObservationId: string | null
  readonly type: string
  readonly name: string | null
  readonly startTime: string
  readonly endTime: string | null
  readonly completionStartTime: string | null
  readonly model: string | null
  readonly modelParameters: Json
  /** Over OTLP the string as sent; over the older API the JSON value. */
  readonly input: Json
  readonly output: Json
  /** What its page shows of input and output, and what is counted of them. */
  readonly view: ChatView
  readonly usage: Usage
  /** USD by usage type, with `total`. */
  readonly cost: Readonly<Record<string, number>>
  readonly level: string
  readonly statusMessage: string | null
  readonly version: string | null
  readonly environment: string
  readonly metadata: JsonObject
  /** Kept on generations alone, and linked where the prompt exists. */
  readonly prompt: { readonly name: string; readonly version: number } | null
  readonly trace: TraceFields
  /** Without a parent, or marked `is_app_root`: what version 4 filters by. */
  readonly isRoot: boolean
  /** Marked `as_root`: its name, input and output become those of the trace, where the server keeps traces. */
  readonly isTraceRoot: boolean
}

/** `estimated`: counted by Langfuse, which charges for it. */
export type Usage = {
  readonly source: 'provided' | 'estimated' | 'none'
  readonly details: Readonly<Record<string, number>>
}

/** The fields of a trace; over the older API an observation does not have them. */
export type TraceFields = {
  readonly name: string | null
  readonly userId: string | null
  readonly sessionId: string | null
  readonly tags: readonly string[]
  readonly release: string | null
  /** Once true it stays so. */
  readonly isPublic: boolean
  /** `langfuse.trace.input` and `.output`; version 4 drops them. */
  readonly input: Json
  readonly output: Json
}

export type Trace = TraceFields & {
  readonly id: string
  readonly timestamp: string
  readonly environment: string
  readonly metadata: JsonObject
}
