import type { ServerResponse } from 'node:http'
import type { Coding, Decoder } from '../content-codings/codings.ts'
import type { UsageFrameCutter } from '../sse/usage-frame-cutter.ts'

/** Carries a response body from the upstream to the client. */
export type ResponsePipe = {
  /** @returns false when the upstream must pause until `onDrain` is called */
  write(chunk: Buffer): boolean
  /**
   * No more will be written.
   * @param onFlushed called once, when every byte has been written to the client's connection
   */
  end(onFlushed: () => void): void
}

/** Writes every byte as it came. */
export function passThrough(outgoing: ServerResponse, onDrain: () => void): ResponsePipe {
  outgoing.on('drain', onDrain)
  return {
    write: (chunk) => outgoing.write(chunk),
    end: (onFlushed) => onFlushed(),
  }
}

/** For streams with injected usage: cuts the frame that carries it. */
export function cutUsageFrames(
  outgoing: ServerResponse,
  cutter: UsageFrameCutter,
  onDrain: () => void,
): ResponsePipe {
  outgoing.on('drain', onDrain)
  return {
    write: (chunk) => forward(outgoing, cutter.push(chunk)),
    end(onFlushed) {
      forward(outgoing, cutter.end())
      onFlushed()
    },
  }
}

/**
 * The same for a compressed stream: a frame cannot be cut out of it without decoding it, so the client gets it
 * decoded, which it always accepts (RFC 9110 §12.5.3).
 * @param onDecodeError the bytes are not in their coding; the client must not take half a response for a complete one
 */
export function decodeAndCutUsageFrames(
  outgoing: ServerResponse,
  coding: Coding,
  cutter: UsageFrameCutter,
  onDrain: () => void,
  onDecodeError: (cause: Error) => void,
): ResponsePipe {
  let decoder: Decoder | undefined
  let onEnd: () => void = () => undefined

  function openDecoder(first: Buffer): Decoder {
    const stream = coding.open(first)
    stream.on('data', (chunk: Buffer) => {
      if (!forward(outgoing, cutter.push(chunk))) stream.pause()
    })
    stream.on('end', () => {
      forward(outgoing, cutter.end())
      onEnd()
    })
    stream.on('error', onDecodeError)
    stream.on('drain', onDrain)
    outgoing.on('drain', () => stream.resume())
    outgoing.on('close', () => stream.destroy())
    return stream
  }

  return {
    write(chunk) {
      decoder ??= openDecoder(chunk)
      // Bytes after the end of the coding are not part of the body.
      return decoder.readableEnded || decoder.write(chunk)
    },
    end(onFlushed) {
      // Codings mark their own end: the decoder may have ended before the upstream's response does.
      if (decoder === undefined || decoder.readableEnded) return onFlushed()
      onEnd = onFlushed
      decoder.end()
    },
  }
}

/** @returns false when no more should be written for now */
const forward = (outgoing: ServerResponse, bytes: Buffer): boolean =>
  bytes.length === 0 || outgoing.write(bytes)
