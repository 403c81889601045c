import type { Json } from '../../../shared/json.ts'
import type { Capture } from '../capture/capture.ts'

/** One part of a form, as far as it has been received. */
export type FormPart = {
  /** True once its last byte has been received. */
  readonly complete: boolean
  push(bytes: Buffer): void
  end(): void
  /** @returns what may be recorded of it under this value of CAPTURE_CONTENT */
  value(content: Capture['content']): Json
}

/** The headers of a part. */
export type PartHeader = {
  readonly name: string
  readonly mediaType: string
  /** Without directories. */
  readonly filename?: string
}
