import { expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { audioFold } from './audio.ts'

function folded(...events: readonly JsonObject[]) {
  const fold = audioFold({ left: 1_000 })
  const generated = events.map((event) => fold.add(event))
  return { ...fold.result(), generated }
}

const delta = (text: string) => ({ type: 'transcript.text.delta', delta: text })

test('reads a transcription with its duration, speakers and segments', () => {
  const fields = {
    text: 'Hi there',
    duration: 3.7,
    language: 'english',
    usage: { type: 'duration', seconds: 4 },
  }
  const segments = [
    { id: 0, start: 0, end: 1.5, speaker: 'A', text: 'Hi', tokens: [1, 2], seek: 0 },
    { start: 1.5, end: 3, speaker_id: 'speaker_1', text: ' there' },
  ]
  expect(folded({ ...fields, segments })).toMatchObject({
    output: {
      kind: 'text',
      text: 'Hi there',
      seconds: 3.7,
      language: 'english',
      segments: [
        { start: 0, end: 1.5, speaker: 'A', text: 'Hi' },
        { start: 1.5, end: 3, speaker: 'speaker_1', text: ' there' },
      ],
    },
    usage: { provenance: 'missing' },
    ended: true,
  })
})

test('falls back to the billed duration where no other is reported', () => {
  expect(folded({ text: 'x', usage: { prompt_audio_seconds: 3 } }).output).toMatchObject({ seconds: 3 })
  expect(folded({ text: 'x', usage: { seconds: 6 } }).output).toMatchObject({ seconds: 6 })
})

test('joins the deltas of a transcription, and prefers the final text', () => {
  const usage = { type: 'tokens', input_tokens: 37, output_tokens: 12, total_tokens: 49 }
  const done = { type: 'transcript.text.done', text: 'Ruby is.', usage }
  expect(folded(delta('Ruby'), delta(' is'), done)).toMatchObject({
    output: { kind: 'text', text: 'Ruby is.' },
    usage: { input: 37, output: 12, total: 49 },
    generated: [true, true, expect.any(Boolean)],
    ended: true,
  })
})

test('keeps the part of a transcription that arrived before the stream was cut off', () => {
  expect(folded(delta('Ruby'), delta(' is'))).toMatchObject({ output: { text: 'Ruby is' }, ended: false })
  const segment = { type: 'transcript.text.segment', start: 0, end: 1, speaker: 'A', text: 'Ruby' }
  expect(folded(segment)).toMatchObject({ output: { text: 'Ruby', segments: [{ speaker: 'A' }] } })
})

test('measures speech that is streamed as events', () => {
  const audio = Buffer.alloc(300).toString('base64')
  const usage = { input_tokens: 14, output_tokens: 101, total_tokens: 115 }
  const response = folded(
    { type: 'speech.audio.delta', audio },
    { type: 'speech.audio.delta', audio },
    { type: 'speech.audio.done', usage },
  )
  expect(response).toMatchObject({
    output: { kind: 'media', mediaType: 'audio', bytes: 600 },
    usage: { total: 115 },
    ended: true,
  })
})
