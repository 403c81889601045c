import { type Coding, type Decoder, isCodingError } from '../../content-codings/codings.ts'
import { maxDecodedBytes, maxUndecodedBytes } from './limits.ts'
import type { ReadResult, ResponseReader, SyncResponseReader } from './response-reader.ts'

/**
 * Reads a compressed response: one decoder, off the event loop, passes what it decompresses to `reader`. Compressed
 * bytes that it does not process count as unseen: those after malformed ones, those over either limit, and all of
 * them where the coding is unknown.
 */
export function createDecodingReader(reader: SyncResponseReader, coding: Coding | undefined): ResponseReader {
  let decoder: Decoder | undefined
  let decoded = Promise.resolve()
  let lastAt = 0
  let receivedBytes = 0

  function open(firstChunk: Buffer): Decoder | undefined {
    const opened = coding?.open(firstChunk)
    if (opened === undefined) return undefined
    decoded = readAll(opened)
    // An error after the last read has no other listener, and would end the process.
    opened.on('error', () => undefined)
    // Awaited in `end`; until then a rejection has no handler.
    decoded.catch(() => undefined)
    return opened
  }

  async function readAll(opened: Decoder): Promise<void> {
    let decodedBytes = 0
    try {
      for await (const part of opened) {
        decodedBytes += part.length
        if (decodedBytes > maxDecodedBytes) return
        reader.push(part, lastAt)
      }
    } catch (cause) {
      if (!isCodingError(cause)) throw cause
    }
  }

  function result(): ReadResult {
    const read = reader.end()
    return { ...read, unseenBytes: read.unseenBytes + receivedBytes - (decoder?.bytesWritten ?? 0) }
  }

  return {
    push(chunk, at) {
      lastAt = at
      receivedBytes += chunk.length
      decoder ??= open(chunk)
      if (decoder?.writable !== true) return
      if (decoder.writableLength > maxUndecodedBytes) decoder.end()
      // The decoder reads it later, and the chunk's memory is lent until this returns.
      else decoder.write(Buffer.from(chunk))
    },
    firstTokenAt: () => reader.firstTokenAt?.(),
    end() {
      if (decoder === undefined) return result()
      if (decoder.writable) decoder.end()
      return decoded.then(result)
    },
  }
}
