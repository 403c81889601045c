import type { MediaCapture } from './media-capture.ts'

/** How much of bodies is recorded: CAPTURE_CONTENT, CAPTURE_MAX_BYTES and CAPTURE_MEDIA. */
export type Capture = {
  readonly content: 'full' | 'lengths' | 'none'
  readonly maxBytes: number
  /** Takes the media of this call; present where their bytes are kept, and never where content is not. */
  readonly media?: MediaCapture
}
