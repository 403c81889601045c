import type { Json, JsonObject } from '../../shared/json.ts'

/** An observation as it can be read at the sink, whichever protocol brought it there. */
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
  /** The observation's and its trace's, joined. */
  readonly metadata: JsonObject
}

/** What was found to be wrong, with all that is needed to see why. */
export type Mismatch = { readonly word: string; readonly what: string; readonly evidence: unknown }
