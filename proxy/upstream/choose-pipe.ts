import type { ServerResponse } from 'node:http'
import { codingOf } from '../content-codings/codings.ts'
import { UsageFrameCutter } from '../sse/usage-frame-cutter.ts'
import { type ResponseHead, withoutFields } from './headers.ts'
import { cutUsageFrames, decodeAndCutUsageFrames, passThrough, type ResponsePipe } from './response-pipe.ts'

/** How an answer is passed on. */
export type ChosenPipe = {
  readonly way: ResponsePipe
  /** name, value, ...: of its head, as far as they hold for what the client gets */
  readonly fields: readonly string[]
  /** Given where usage frames are cut out of it. */
  readonly cutter?: UsageFrameCutter
}

/** Both sides of an answer, for whoever passes its bytes on. */
export type PipeEnds = {
  readonly outgoing: ServerResponse
  /** Tells the upstream's connection to go on. */
  readonly resume: () => void
  /** The bytes are not in the coding that the head names. */
  readonly onBroken: (cause: Error) => void
}

/** @param isAsked true where we asked for a usage frame that the client did not ask for */
export function choosePipe(
  status: number,
  head: ResponseHead,
  isAsked: boolean,
  { outgoing, resume, onBroken }: PipeEnds,
): ChosenPipe {
  const isStream = /^text\/event-stream/i.test(head.byName['content-type'] ?? '')
  const encoding = head.byName['content-encoding'] ?? 'identity'
  const coding = codingOf(encoding)
  const canCut = encoding === 'identity' || coding !== undefined
  if (!isAsked || status !== 200 || !isStream || !canCut) {
    return { way: passThrough(outgoing, resume), fields: head.fields }
  }
  const cutter = new UsageFrameCutter()
  if (coding === undefined) {
    const fields = withoutFields(head.fields, 'content-length')
    return { way: cutUsageFrames(outgoing, cutter, resume), fields, cutter }
  }
  const fields = withoutFields(head.fields, 'content-length', 'content-encoding')
  return { way: decodeAndCutUsageFrames(outgoing, coding, cutter, resume, onBroken), fields, cutter }
}
