import type { Operation } from '../../../shared/record/record.ts'
import type { Capture } from '../capture/capture.ts'

/**
 * Bytes of one body that are looked at. Not below 1 MiB however little is kept: usage, model and errors are
 * wanted even where content is not. Not much above either: `JSON.parse` takes about 8 ms for 1 MiB, in which
 * no other call's bytes move. Pictures are long texts, which it passes over ten times as fast.
 */
export const maxReadBytes = ({ maxBytes }: Capture, operation: Operation): number =>
  Math.max(maxBytes, operation === 'image' ? 8_388_608 : 1_048_576)

/** Limit of one event: some hold a whole picture, and the Responses API's last one repeats the whole answer. */
export const maxEventBytes = 8_388_608

/** Limit of what a compressed answer may grow to. It is decoded beside the event loop, part by part. */
export const maxDecodedBytes = 67_108_864

/** Limit of what of a compressed answer waits for its decoder. */
export const maxUndecodedBytes = 4_194_304
