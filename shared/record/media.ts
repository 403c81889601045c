/**
 * A medium whose bytes travel beside the record (CAPTURE_MEDIA=upload), for a sink that can take them. In the input or
 * output of the record stands its note, as without the bytes.
 */
export type Medium = {
  readonly field: 'input' | 'output'
  /** As the request or response says, else as the first bytes do. */
  readonly mediaType: string
  readonly bytes: number
  /** 64 lower-case hex characters. */
  readonly sha256: string
}

/** What a record has in the place of a medium: `[image/png, 20480 bytes, sha256 9f86d0...]`. */
export const mediaNote = (mediaType: string, bytes: number, sha256: string): string =>
  `[${mediaType}, ${bytes} bytes, sha256 ${sha256}]`

const notePattern = /^\[[^\s,\]]+, \d+ bytes, sha256 ([0-9a-f]{64})\]$/

/** @returns the hash in a text that is the note of one medium and nothing else */
export const hashInNote = (text: string): string | undefined =>
  text.startsWith('[') ? notePattern.exec(text)?.[1] : undefined
