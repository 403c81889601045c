import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Output, SpokenSegment } from '../../../shared/record/output.ts'
import { type Allowance, GrowingText, nameOf } from '../capture/text.ts'
import { base64Bytes } from './base64.ts'
import { createFacts } from './facts.ts'
import type { Fold } from './fold.ts'

/** More than an hour of speech in segments of a few seconds. */
const maxSegments = 1_024

/**
 * Speech: transcriptions and translations as one body or as `transcript.text.*` events, with their text and the
 * length of the sound where it is told; made speech as `speech.audio.*` events, of which the size is kept.
 */
export function audioFold(allowance: Allowance): Fold {
  const facts = createFacts()
  const text = new GrowingText()
  const segments: SpokenSegment[] = []
  let whole: string | undefined
  let spokenBytes: number | undefined
  let seconds: number | undefined
  let language: string | undefined
  let streamed = false
  let ended = false

  function event(data: Json): boolean {
    if (!isJsonObject(data)) return false
    facts.see(data)
    seconds = secondsIn(data) ?? seconds
    language = nameOf(data.language) ?? language
    switch (data.type) {
      case 'transcript.text.delta':
        streamed = true
        return typeof data.delta === 'string' && text.add(data.delta, allowance)
      case 'transcript.text.segment':
        streamed = true
        return addSegment(data)
      case 'speech.audio.delta':
        streamed = true
        spokenBytes = (spokenBytes ?? 0) + base64Bytes(data.audio)
        return true
      case 'transcript.text.done':
      case 'speech.audio.done':
        streamed = true
        ended = true
    }
    if (Array.isArray(data.segments))
      for (const segment of data.segments as readonly Json[]) addSegment(segment)
    if (typeof data.text !== 'string') return false
    whole = data.text
    return true
  }

  function addSegment(told: Json): boolean {
    if (!isJsonObject(told) || typeof told.text !== 'string') return false
    const size = Buffer.byteLength(told.text)
    if (segments.length === maxSegments || size > allowance.left) return true
    allowance.left -= size
    const { start, end, speaker, speaker_id: id } = told
    segments.push(
      omitUndefined({
        start: typeof start === 'number' ? start : undefined,
        end: typeof end === 'number' ? end : undefined,
        speaker: nameOf(speaker) ?? nameOf(id),
        text: told.text,
      }),
    )
    return true
  }

  function output(): Output | undefined {
    if (spokenBytes !== undefined) return { kind: 'media', mediaType: 'audio', bytes: spokenBytes }
    const told = whole ?? (text.empty ? segments.map((segment) => segment.text).join('') : text.toString())
    if (told === '' && whole === undefined) return undefined
    return {
      kind: 'text',
      text: told,
      ...omitUndefined({ seconds, language, segments: segments.length === 0 ? undefined : segments }),
    }
  }

  return {
    event,
    answer() {
      const told = output()
      return { ...facts.read(), ...(told && { output: told }), ended: ended || !streamed }
    },
  }
}

/** Reported by Whisper as `duration`, in `usage` as `seconds` (rounded up, as it is billed), by Mistral as below. */
function secondsIn({ duration, usage }: JsonObject): number | undefined {
  const billed = isJsonObject(usage) ? [usage.seconds, usage.prompt_audio_seconds] : []
  for (const told of [duration, ...billed]) {
    const seconds = typeof told === 'string' ? Number.parseFloat(told) : told
    if (typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0) return seconds
  }
  return undefined
}
