import type { ServerResponse } from 'node:http'
import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import type { UsageFrameCutter } from './usage-frame.ts'

/** What an answer's bytes pass through on their way from the upstream to the client. */
export type AnswerWay = {
  /** @returns false when the upstream must wait until `onDrain` is called */
  write(chunk: Buffer): boolean
  end(): void
}

/** The usual way: every byte as it came. */
export function straightWay(outgoing: ServerResponse, onDrain: () => void): AnswerWay {
  outgoing.on('drain', onDrain)
  return { write: (chunk) => outgoing.write(chunk), end: () => outgoing.end() }
}

/** For streams that we asked for their usage: without the frame that carries it. */
export function cuttingWay(
  outgoing: ServerResponse,
  cutter: UsageFrameCutter,
  onDrain: () => void,
): AnswerWay {
  outgoing.on('drain', onDrain)
  return {
    write(chunk) {
      const bytes = cutter.push(chunk)
      return bytes.length === 0 || outgoing.write(bytes)
    },
    end: () => outgoing.end(cutter.end()),
  }
}

/**
 * The same for a compressed stream: a frame cannot be cut out of it without undoing the compression, so the
 * client gets it plain, which it always accepts.
 */
export function decodingWay(
  outgoing: ServerResponse,
  decoder: Transform,
  cutter: UsageFrameCutter,
  onDrain: () => void,
): AnswerWay {
  decoder.on('data', (chunk: Buffer) => {
    const bytes = cutter.push(chunk)
    if (bytes.length > 0 && !outgoing.write(bytes)) decoder.pause()
  })
  decoder.on('end', () => outgoing.end(cutter.end()))
  // The client must not take half an answer for a whole one.
  decoder.on('error', () => outgoing.destroy())
  decoder.on('drain', onDrain)
  outgoing.on('drain', () => decoder.resume())
  outgoing.on('close', () => decoder.destroy())
  return { write: (chunk) => decoder.write(chunk), end: () => void decoder.end() }
}

// Sync flush hands every part on as soon as it came, and takes a stream that was cut off for what it is.
const zlibOptions = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH }
const brotliOptions = {
  flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => zlib.createGunzip(zlibOptions),
  'x-gzip': () => zlib.createGunzip(zlibOptions),
  deflate: () => zlib.createInflate(zlibOptions),
  br: () => zlib.createBrotliDecompress(brotliOptions),
}

/** @returns undefined where we cannot undo the coding */
export function decoderFor(contentEncoding: string): Transform | undefined {
  return decoders[contentEncoding.trim().toLowerCase()]?.()
}

/**
 * Narrows what a client offers to what we can undo.
 * @param acceptEncoding the client's header, if it sent one
 * @returns the header to send instead, or undefined where the client's may stay
 */
export function readableEncodings(acceptEncoding: string | undefined): string | undefined {
  if (acceptEncoding === undefined) return undefined
  const offered = acceptEncoding.split(',').map((coding) => coding.trim())
  const readable = offered.filter((coding) => {
    const name = coding.split(';')[0]?.trim().toLowerCase() ?? ''
    return name === 'identity' || name in decoders
  })
  if (readable.length === offered.length) return undefined
  return readable.length === 0 ? 'identity' : readable.join(', ')
}
