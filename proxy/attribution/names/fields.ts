import type { JsonObject } from '../../../shared/json.ts'

/** The fields of an attribution. */
export type Fields = {
  readonly threadId: string
  readonly sessionId: string
  readonly userId: string
  readonly agentKey: string
  /** As the caller sent it: any text. */
  readonly traceId: string
  /** As the caller sent it: any text. */
  readonly parentSpanId: string
  readonly traceName: string
  /** Name of the generation itself. */
  readonly spanName: string
  readonly environment: string
  readonly tags: readonly string[]
  readonly metadata: JsonObject
}

export type Field = keyof Fields

/** Fields with a text as value. */
export type TextField = Exclude<Field, 'tags' | 'metadata'>
