import { type Coding, type Decoder, isCodingError } from '../../content-codings/codings.ts'
import { maxDecodedBytes, maxUndecodedBytes } from './limits.ts'
import type { ReadResult, ResponseReader, SyncResponseReader } from './response-reader.ts'

/**
 * Reads a compressed answer: one decoder for all of it, beside the event loop, hands what it has undone to
 * `plain`. What it does not undo counts as unseen: what follows bytes that are not in their coding, what follows
 * where the answer grows without measure or comes faster than it can be decoded, and all of it where nobody
 * here knows the coding.
 */
export function createDecodingReader(plain: SyncResponseReader, coding: Coding | undefined): ResponseReader {
  let decoder: Decoder | undefined
  let decoded = Promise.resolve()
  let lastAt = 0
  let bytes = 0

  function open(first: Buffer): Decoder | undefined {
    const opened = coding?.open(first)
    if (opened === undefined) return undefined
    decoded = readAll(opened)
    // What goes wrong behind its end is nobody's any more, and would end the process.
    opened.on('error', () => undefined)
    // Awaited at the end; until then a rejection has no handler.
    decoded.catch(() => undefined)
    return opened
  }

  async function readAll(opened: Decoder): Promise<void> {
    let grown = 0
    try {
      for await (const part of opened) {
        grown += part.length
        if (grown > maxDecodedBytes) return
        plain.push(part, lastAt)
      }
    } catch (cause) {
      if (!isCodingError(cause)) throw cause
    }
  }

  function seen(): ReadResult {
    const { unseenBytes, ...rest } = plain.end()
    return { ...rest, unseenBytes: unseenBytes + bytes - (decoder?.bytesWritten ?? 0) }
  }

  return {
    push(chunk, at) {
      lastAt = at
      bytes += chunk.length
      decoder ??= open(chunk)
      if (decoder?.writable !== true) return
      if (decoder.writableLength > maxUndecodedBytes) decoder.end()
      else decoder.write(chunk)
    },
    end() {
      if (decoder === undefined) return seen()
      if (decoder.writable) decoder.end()
      return decoded.then(seen)
    },
  }
}
