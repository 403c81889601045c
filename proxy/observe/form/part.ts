import type { Json } from '../../../shared/json.ts'
import type { Capture } from '../capture/capture.ts'

/** One part of a form, as far as it came. */
export type FormPart = {
  /** True once it has come to its end. */
  readonly whole: boolean
  push(bytes: Buffer): void
  end(): void
  /** What is shown of it under this setting of CAPTURE_CONTENT. */
  value(content: Capture['content']): Json
}

/** How a part is called by its own header. */
export type PartHead = {
  readonly name: string
  readonly mediaType: string
  /** Without the folders that it may have been told with. */
  readonly filename?: string
}
