import type { ServerResponse } from 'node:http'
import { codingOf } from '../content-codings/codings.ts'
import { beginsAsEventStream } from '../sse/begins-as-event-stream.ts'
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

/**
 * @returns whether the pipe can only be chosen when the body begins: some upstreams send an event stream under another
 * content type, and its usage frame must not reach the client either
 */
export const mustSeeBody = (status: number, head: ResponseHead, usageInjected: boolean): boolean =>
  usageInjected && status === 200 && !isLabelled(head) && encodingOf(head) === 'identity'

/**
 * @param usageInjected true where the request asked for a usage frame on the client's behalf
 * @param first bytes of the body, where mustSeeBody says so
 */
export function choosePipe(
  status: number,
  head: ResponseHead,
  usageInjected: boolean,
  first: Buffer | undefined,
  { outgoing, resume, onDecodeError }: PipeEnds,
): ChosenPipe {
  const isStream = isLabelled(head) || (first !== undefined && beginsAsEventStream(first))
  const encoding = encodingOf(head)
  const coding = codingOf(encoding)
  const canCut = encoding === 'identity' || coding !== undefined
  if (!usageInjected || status !== 200 || !isStream || !canCut) {
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
