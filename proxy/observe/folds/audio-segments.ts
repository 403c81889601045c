import { isJsonObject, type Json } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { SpokenSegment } from '../../../shared/record/output.ts'
import { type ByteAllowance, trySpend } from '../capture/byte-allowance.ts'
import { boundedName } from '../capture/text.ts'

/** The timed segments of a transcription. */
export type AudioSegments = {
  /** @returns true when the value is a segment, kept or not */
  add(segment: Json): boolean
  /** @returns undefined where none was kept */
  read(): readonly SpokenSegment[] | undefined
  /** The texts of all segments, joined. */
  text(): string
}

/** More than an hour of speech in segments of a few seconds. */
const maxSegments = 1_024

export function createAudioSegments(allowance: ByteAllowance): AudioSegments {
  const segments: SpokenSegment[] = []

  return {
    add(segment) {
      if (!isJsonObject(segment) || typeof segment.text !== 'string') return false
      if (segments.length === maxSegments) return true
      if (!trySpend(allowance, Buffer.byteLength(segment.text))) return true
      const { start, end, speaker, speaker_id: speakerId, text } = segment
      segments.push(
        omitUndefined({
          start: typeof start === 'number' ? start : undefined,
          end: typeof end === 'number' ? end : undefined,
          speaker: boundedName(speaker) ?? boundedName(speakerId),
          text,
        }),
      )
      return true
    },
    read: () => (segments.length === 0 ? undefined : segments),
    text: () => segments.map(({ text }) => text).join(''),
  }
}
