import type { Json, JsonObject } from '../../../shared/json.ts'
import type { SpokenSegment } from '../../../shared/record/output.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { GrowingText } from '../capture/growing-text.ts'
import { createAudioSegments } from './audio-segments.ts'

/** What was said in the audio, from deltas, segments or a whole text. */
export type Transcript = {
  /** @returns true when the delta was not empty */
  addDelta(delta: Json | undefined): boolean
  /** @returns true when the value is a segment, kept or not */
  addSegment(segment: Json): boolean
  /** @returns true when the event has the whole text */
  addWhole(event: JsonObject): boolean
  /** @returns undefined where there was no text; one that is whole may be empty */
  text(): string | undefined
  segments(): readonly SpokenSegment[] | undefined
}

export function createTranscript(allowance: ByteAllowance): Transcript {
  const deltas = new GrowingText()
  const segments = createAudioSegments(allowance)
  let whole: string | undefined

  return {
    addDelta: (delta) => typeof delta === 'string' && deltas.addDelta(delta, allowance),
    addSegment: segments.add,
    addWhole(event) {
      if (Array.isArray(event.segments))
        for (const segment of event.segments as readonly Json[]) segments.add(segment)
      if (typeof event.text !== 'string') return false
      whole = event.text
      return true
    },
    text() {
      if (whole !== undefined) return whole
      const text = deltas.empty ? segments.text() : deltas.toString()
      return text === '' ? undefined : text
    },
    segments: segments.read,
  }
}
