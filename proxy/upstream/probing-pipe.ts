import type { ServerResponse } from 'node:http'
import type { Coding, Decoder } from '../content-codings/codings.ts'
import { beginsAsEventStream } from '../sse/begins-as-event-stream.ts'
import type { ResponsePipe } from './response-pipe.ts'

/** Compressed bytes that may be held without a verdict: far more than begin any stream. */
const maxHeldBytes = 262_144

export type ProbeEnds = {
  readonly outgoing: ServerResponse
  /** Sends the head, and opens the pipe for the body. Called once, before the first byte is written. */
  readonly open: (isEventStream: boolean) => ResponsePipe
  /** Resumes reading from the upstream. */
  readonly resume: () => void
}

/**
 * Holds the first bytes of a body until it is known whether they begin an event stream: some upstreams send one under
 * another content type. Of a compressed body the first bytes are decoded for that, and the pipe then gets all of it.
 * @param coding undefined for a body that is not compressed
 */
export function probingPipe(coding: Coding | undefined, { outgoing, open, resume }: ProbeEnds): ResponsePipe {
  let pipe: ResponsePipe | undefined
  let held: Buffer[] = []
  let heldBytes = 0
  let onEnd: (() => void) | undefined
  const probe = coding === undefined ? plainProbe() : decodingProbe(coding, decideLater, resume)
  outgoing.on('close', () => probe.cancel())

  /** @returns false when no more should be written for now */
  function decide(isEventStream: boolean): boolean {
    const opened = open(isEventStream)
    pipe = opened
    const wrote = held.map((chunk) => opened.write(chunk))
    held = []
    if (onEnd !== undefined) opened.end(onEnd)
    return wrote.at(-1) ?? true
  }

  function decideLater(isEventStream: boolean): void {
    if (pipe === undefined && decide(isEventStream)) resume()
  }

  function giveUp(): false {
    probe.cancel()
    return false
  }

  return {
    write(chunk) {
      if (pipe !== undefined) return pipe.write(chunk)
      held.push(chunk)
      heldBytes += chunk.length
      const verdict = heldBytes > maxHeldBytes ? giveUp() : probe.push(chunk)
      if (verdict !== undefined) return decide(verdict)
      // Of a compressed body the next bytes wait until these are decoded.
      return coding === undefined
    },
    end(onFlushed) {
      if (pipe !== undefined) return pipe.end(onFlushed)
      onEnd = onFlushed
      if (!probe.end()) decide(false)
    },
  }
}

type Probe = {
  /** @returns the verdict, where it is known at once */
  push(chunk: Buffer): boolean | undefined
  /** There is no more of the body. @returns whether a verdict is still to come */
  end(): boolean
  /** Nobody waits for the verdict any more. */
  cancel(): void
}

function plainProbe(): Probe {
  let first: Buffer = Buffer.alloc(0)
  return {
    push(chunk) {
      first = first.length === 0 ? chunk : Buffer.concat([first, chunk])
      return beginsAsEventStream(first)
    },
    end: () => false,
    cancel: () => undefined,
  }
}

/** @param more called when the bytes so far were decoded and did not suffice */
function decodingProbe(coding: Coding, decide: (isEventStream: boolean) => void, more: () => void): Probe {
  const decoded = plainProbe()
  let decoder: Decoder | undefined
  let isDone = false

  function finish(isEventStream: boolean): void {
    if (isDone) return
    isDone = true
    decoder?.destroy()
    decide(isEventStream)
  }

  function openDecoder(first: Buffer): Decoder {
    const stream = coding.open(first)
    stream.on('data', (part: Buffer) => {
      const verdict = isDone ? undefined : decoded.push(part)
      if (verdict !== undefined) finish(verdict)
    })
    stream.on('end', () => finish(false))
    stream.on('error', () => finish(false))
    return stream
  }

  return {
    push(chunk) {
      decoder ??= openDecoder(chunk)
      // `data` comes in the same turn as this, or before.
      decoder.write(chunk, () => setImmediate(() => isDone || more()))
      return undefined
    },
    end() {
      decoder?.end()
      return decoder !== undefined
    },
    cancel() {
      isDone = true
      decoder?.destroy()
    },
  }
}
