import type { Json, JsonObject } from '../../shared/json.ts'

/** An observation as read at the sink, whichever protocol delivered it. */
export type SinkRecord = {
  readonly id: string
  readonly parentId: string | null
  readonly traceId: string
  readonly name: string | null
  readonly type: string
  readonly userId: string | null
  readonly sessionId: string | null
  readonly tags: readonly string[]
  readonly input: Json
  readonly output: Json
  /** Metadata of the observation and its trace, merged. */
  readonly metadata: JsonObject
}

/** A problem with its evidence. */
export type Mismatch = { readonly word: string; readonly problem: string; readonly evidence: unknown }
