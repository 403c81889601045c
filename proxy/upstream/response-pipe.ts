import type { ServerResponse } from 'node:http'
import type { Coding, Decoder } from '../content-codings/codings.ts'
import type { UsageFrameCutter } from '../sse/usage-frame-cutter.ts'

/** What an answer's bytes pass through on their way from the upstream to the client. */
export type ResponsePipe = {
  /** @returns false when the upstream must wait until `onDrain` is called */
  write(chunk: Buffer): boolean
  /**
   * No more will be written.
   * @param onPassed called once, when every byte has been handed to the client's connection
   */
  end(onPassed: () => void): void
}

/** The usual way: every byte as it came. */
export function passThrough(outgoing: ServerResponse, onDrain: () => void): ResponsePipe {
  outgoing.on('drain', onDrain)
  return {
    write: (chunk) => outgoing.write(chunk),
    end: (onPassed) => onPassed(),
  }
}

/** For streams that we asked for their usage: without the frame that carries it. */
export function cutUsageFrames(
  outgoing: ServerResponse,
  cutter: UsageFrameCutter,
  onDrain: () => void,
): ResponsePipe {
  outgoing.on('drain', onDrain)
  return {
    write: (chunk) => forward(outgoing, cutter.push(chunk)),
    end(onPassed) {
      forward(outgoing, cutter.end())
      onPassed()
    },
  }
}

/**
 * The same for a compressed stream: a frame cannot be cut out of it without undoing the compression, so the
 * client gets it plain, which it always accepts (RFC 9110 §12.5.3).
 * @param onBroken told when the bytes are not in their coding: the client must not take half an answer for a
 * whole one
 */
export function decodeAndCutUsageFrames(
  outgoing: ServerResponse,
  coding: Coding,
  cutter: UsageFrameCutter,
  onDrain: () => void,
  onBroken: (cause: Error) => void,
): ResponsePipe {
  let decoder: Decoder | undefined
  let tellPassed: () => void = () => undefined

  function start(first: Buffer): Decoder {
    const opened = coding.open(first)
    opened.on('data', (chunk: Buffer) => {
      if (!forward(outgoing, cutter.push(chunk))) opened.pause()
    })
    opened.on('end', () => {
      forward(outgoing, cutter.end())
      tellPassed()
    })
    opened.on('error', onBroken)
    opened.on('drain', onDrain)
    outgoing.on('drain', () => opened.resume())
    outgoing.on('close', () => opened.destroy())
    return opened
  }

  return {
    write(chunk) {
      decoder ??= start(chunk)
      // What comes behind the coding's own end says nothing.
      return decoder.readableEnded || decoder.write(chunk)
    },
    end(onPassed) {
      // Codings know their end themselves: the decoder may be through before the upstream says so.
      if (decoder === undefined || decoder.readableEnded) return onPassed()
      tellPassed = onPassed
      decoder.end()
    },
  }
}

/** @returns false when no more should be written for now */
const forward = (outgoing: ServerResponse, bytes: Buffer): boolean =>
  bytes.length === 0 || outgoing.write(bytes)
