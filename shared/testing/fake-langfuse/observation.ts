import type { Json, JsonObject } from '../../json.ts'

/** A row as the fake keeps it; the read APIs and the tests see it. */
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
  /** Over OTLP the string as it came; over the older API the JSON value. */
  readonly input: Json
  readonly output: Json
  readonly usage: Usage
  /** USD by usage type, with `total`. */
  readonly cost: Readonly<Record<string, number>>
  readonly level: string
  readonly statusMessage: string | null
  readonly version: string | null
  readonly environment: string
  readonly metadata: JsonObject
  readonly trace: TraceFields
  readonly isRoot: boolean
}

/** `estimated`: Langfuse counted itself, and charges for it. */
export type Usage = {
  readonly source: 'provided' | 'estimated' | 'none'
  readonly details: Readonly<Record<string, number>>
}

/** What an observation knows of its trace; over the older API it stands on the trace alone. */
export type TraceFields = {
  readonly name: string | null
  readonly userId: string | null
  readonly sessionId: string | null
  readonly tags: readonly string[]
  readonly release: string | null
}

export type Trace = TraceFields & {
  readonly id: string
  readonly timestamp: string
  readonly environment: string
  readonly metadata: JsonObject
}
