import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Output } from '../../../shared/record/output.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { boundedName } from '../capture/text.ts'
import type { AnswerMedia } from './answer-media.ts'
import { base64Bytes } from './base64.ts'
import { createCommonFields } from './common-fields.ts'
import type { Fold } from './fold.ts'
import { createGrowingAudio } from './growing-audio.ts'
import { createTranscript } from './transcript.ts'

/**
 * Transcriptions and translations, as one body or as `transcript.text.*` events: the text, and the duration of the
 * audio where it is reported. Generated speech, as `speech.audio.*` events: its size.
 */
export function audioFold(allowance: ByteAllowance, media?: AnswerMedia): Fold {
  const common = createCommonFields()
  const speech = media && createGrowingAudio(media)
  const transcript = createTranscript(allowance)
  let speechBytes: number | undefined
  let seconds: number | undefined
  let language: string | undefined
  let streamed = false
  let ended = false

  function add(event: Json): boolean {
    if (!isJsonObject(event)) return false
    common.add(event)
    seconds = secondsIn(event) ?? seconds
    language = boundedName(event.language) ?? language
    switch (event.type) {
      case 'transcript.text.delta':
        streamed = true
        return transcript.addDelta(event.delta)
      case 'transcript.text.segment':
        streamed = true
        return transcript.addSegment(event)
      case 'speech.audio.delta':
        streamed = true
        speechBytes = (speechBytes ?? 0) + base64Bytes(event.audio)
        if (typeof event.audio === 'string') speech?.addDelta(event.audio)
        return true
      case 'transcript.text.done':
      case 'speech.audio.done':
        streamed = true
        ended = true
    }
    return transcript.addWhole(event)
  }

  function output(): Output | undefined {
    if (speechBytes !== undefined) {
      return { kind: 'media', mediaType: 'audio', bytes: speechBytes, ...speech?.read() }
    }
    const text = transcript.text()
    if (text === undefined) return undefined
    return { kind: 'text', text, ...omitUndefined({ seconds, language, segments: transcript.segments() }) }
  }

  return {
    add,
    result() {
      const read = output()
      return {
        ...common.read(),
        ...(read !== undefined && { output: read }),
        ...(read === undefined && !streamed && { unrecognized: true }),
        ended: ended || !streamed,
      }
    },
  }
}

/** Whisper reports `duration`, or `usage.seconds` (rounded up, as billed); Mistral `usage.prompt_audio_seconds`. */
function secondsIn({ duration, usage }: JsonObject): number | undefined {
  const billed = isJsonObject(usage) ? [usage.seconds, usage.prompt_audio_seconds] : []
  for (const value of [duration, ...billed]) {
    const seconds = typeof value === 'string' ? Number.parseFloat(value) : value
    if (typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0) return seconds
  }
  return undefined
}
