import type { Operation } from '../../../shared/record/record.ts'
import type { Capture } from '../capture/capture.ts'

/**
 * Bytes that are read of one body. At least 1 MiB, as usage, model and errors are recorded even where content is
 * not. Not much more either: `JSON.parse` takes about 8 ms for 1 MiB, and blocks every other call meanwhile.
 * Pictures are long texts, which it scans ten times as fast.
 */
export function maxReadBytes({ maxBytes, media }: Capture, operation: Operation): number {
  const ofPictures = media === undefined ? 8_388_608 : 33_554_432
  const hasMedia = operation === 'image' || (media !== undefined && answersWithMedia.has(operation))
  return Math.max(maxBytes, hasMedia ? ofPictures : 1_048_576)
}

/** Whose answers may hold pictures or sound in JSON, which are read whole where their bytes are kept. */
const answersWithMedia: ReadonlySet<Operation> = new Set(['chat', 'responses'])

/** Limit of one event: some hold a whole picture, and the terminal event of the Responses API the whole output. */
export const maxEventBytes = 8_388_608

/** Limit of a decompressed response. It is decompressed off the event loop, in parts. */
export const maxDecodedBytes = 67_108_864

/** Limit of the compressed bytes that are queued for the decoder. */
export const maxUndecodedBytes = 4_194_304
