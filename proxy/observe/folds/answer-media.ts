import { isJsonObject, type Json } from '../../../shared/json.ts'
import type { MediaSide } from '../capture/media-capture.ts'

/** Where the bytes of media in a response go (CAPTURE_MEDIA=upload). */
export type AnswerMedia = MediaSide & {
  /** The type of the sound that the request asked for, which the response does not repeat. */
  readonly audioType: string
}

/** @param body the request's JSON: of a chat `{audio: {format}}`, of speech `{response_format}` */
export function answerMedia(media: MediaSide, body: Json | undefined): AnswerMedia {
  const { audio, response_format: speechFormat } = isJsonObject(body) ? body : {}
  const format = isJsonObject(audio) ? audio.format : speechFormat
  // Where nothing was asked for, the first bytes say what it is.
  if (typeof format !== 'string') return { ...media, audioType: 'audio' }
  return { ...media, audioType: audioTypes[format] ?? `audio/${format}` }
}

const audioTypes: Readonly<Record<string, string>> = {
  pcm16: 'audio/pcm',
  pcm: 'audio/pcm',
  mp3: 'audio/mpeg',
}
