import type { ServerResponse } from 'node:http'
import { type Coding, codingOf } from '../content-codings/codings.ts'
import { UsageFrameCutter } from '../sse/usage-frame-cutter.ts'
import { type ResponseHead, withoutFields } from './headers.ts'
import { cutUsageFrames, decodeAndCutUsageFrames, passThrough, type ResponsePipe } from './response-pipe.ts'

/** The pipe for a response body, and the header fields that go with it. */
export type ChosenPipe = {
  readonly pipe: ResponsePipe
  /** name, value, ...: the upstream's, without those that no longer hold for the body the client gets */
  readonly fields: readonly string[]
  /** Set where the pipe cuts usage frames. */
  readonly cutter?: UsageFrameCutter
}

/** Both ends of a pipe. */
export type PipeEnds = {
  readonly outgoing: ServerResponse
  /** Resumes reading from the upstream. */
  readonly resume: () => void
  /** The body is not in the coding that the head names. */
  readonly onDecodeError: (cause: Error) => void
}

const isLabelled = ({ byName }: ResponseHead): boolean =>
  /^text\/event-stream/i.test(byName['content-type'] ?? '')
const encodingOf = ({ byName }: ResponseHead): string => byName['content-encoding'] ?? 'identity'

const isSuccess = (status: number): boolean => status >= 200 && status < 300
const isReadable = (encoding: string): boolean => encoding === 'identity' || codingOf(encoding) !== undefined

/**
 * @returns whether the pipe can only be chosen when the body begins: some upstreams send an event stream under another
 * content type, and its usage frame must not reach the client either. With the coding to decode it in
 */
export function mustSeeBody(
  status: number,
  head: ResponseHead,
  usageInjected: boolean,
): { readonly coding: Coding | undefined } | undefined {
  if (!usageInjected || !isSuccess(status) || isLabelled(head)) return undefined
  const encoding = encodingOf(head)
  return isReadable(encoding) ? { coding: codingOf(encoding) } : undefined
}

/**
 * @param usageInjected true where the request asked for a usage frame on the client's behalf
 * @param isEventStream whether the body is one, where mustSeeBody says that it must be seen
 */
export function choosePipe(
  status: number,
  head: ResponseHead,
  usageInjected: boolean,
  isEventStream: boolean | undefined,
  { outgoing, resume, onDecodeError }: PipeEnds,
): ChosenPipe {
  const isStream = isEventStream ?? isLabelled(head)
  const encoding = encodingOf(head)
  const coding = codingOf(encoding)
  if (!usageInjected || !isSuccess(status) || !isStream || !isReadable(encoding)) {
    return { pipe: passThrough(outgoing, resume), fields: head.fields }
  }
  const cutter = new UsageFrameCutter()
  if (coding === undefined) {
    const fields = withoutFields(head.fields, 'content-length')
    return { pipe: cutUsageFrames(outgoing, cutter, resume), fields, cutter }
  }
  const fields = withoutFields(head.fields, 'content-length', 'content-encoding')
  return { pipe: decodeAndCutUsageFrames(outgoing, coding, cutter, resume, onDecodeError), fields, cutter }
}
