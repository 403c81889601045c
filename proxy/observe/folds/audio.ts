import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Output } from '../../../shared/record/output.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { GrowingText } from '../capture/growing-text.ts'
import { boundedName } from '../capture/text.ts'
import { createAudioSegments } from './audio-segments.ts'
import { base64Bytes } from './base64.ts'
import { createCommonFields } from './common-fields.ts'
import type { Fold } from './fold.ts'

/**
 * Transcriptions and translations, as one body or as `transcript.text.*` events: the text, and the duration of the
 * audio where it is reported. Generated speech, as `speech.audio.*` events: its size.
 */
export function audioFold(allowance: ByteAllowance): Fold {
  const common = createCommonFields()
  const deltas = new GrowingText()
  const segments = createAudioSegments(allowance)
  let finalText: string | undefined
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
        return typeof event.delta === 'string' && deltas.addDelta(event.delta, allowance)
      case 'transcript.text.segment':
        streamed = true
        return segments.add(event)
      case 'speech.audio.delta':
        streamed = true
        speechBytes = (speechBytes ?? 0) + base64Bytes(event.audio)
        return true
      case 'transcript.text.done':
      case 'speech.audio.done':
        streamed = true
        ended = true
    }
    return addTranscription(event)
  }

  function addTranscription(event: JsonObject): boolean {
    if (Array.isArray(event.segments))
      for (const segment of event.segments as readonly Json[]) segments.add(segment)
    if (typeof event.text !== 'string') return false
    finalText = event.text
    return true
  }

  function output(): Output | undefined {
    if (speechBytes !== undefined) return { kind: 'media', mediaType: 'audio', bytes: speechBytes }
    const text = finalText ?? (deltas.empty ? segments.text() : deltas.toString())
    if (text === '' && finalText === undefined) return undefined
    return { kind: 'text', text, ...omitUndefined({ seconds, language, segments: segments.read() }) }
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
