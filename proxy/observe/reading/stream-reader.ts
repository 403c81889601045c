import { isJsonObject, type Json, parseJson } from '../../../shared/json.ts'
import type { CallError } from '../../../shared/record/record.ts'
import { createSseDecoder } from '../../sse/decoder.ts'
import { errorFrom } from '../errors/error.ts'
import type { Fold } from '../folds/fold.ts'
import { maxEventBytes } from './limits.ts'
import type { ReadResult, SyncResponseReader } from './response-reader.ts'

/** Reads an event stream while it goes by: each event is parsed and folded as soon as it is whole. */
export function createStreamReader(fold: Fold): SyncResponseReader {
  let now = 0
  let lastEventAt: number | undefined
  let firstTokenAt: number | undefined
  let events = 0
  let largestGapMs = 0
  let unseenBytes = 0
  let done = false
  let error: CallError | undefined

  const decoder = createSseDecoder({ event, stray, overlong: leaveOut }, maxEventBytes)

  function event(data: string, type: string): void {
    if (data.startsWith('[DONE]')) {
      done = true
      return
    }
    const json = parseJson(data)
    if (type === 'error') error ??= errorFrom(json ?? data)
    if (json === undefined) leaveOut(Buffer.byteLength(data))
    else take(json)
  }

  function take(json: Json): void {
    countEvent()
    if (fold.add(json)) firstTokenAt ??= now
  }

  function countEvent(): void {
    events += 1
    if (lastEventAt !== undefined) largestGapMs = Math.max(largestGapMs, now - lastEventAt)
    lastEventAt = now
  }

  /** A server may write an error, or all of a plain answer, into a stream without making an event of it. */
  function stray(line: string): void {
    const told = line.startsWith('error:') ? line.slice('error:'.length).trim() : line
    const json = parseJson(told)
    const fault = json === undefined && told === line ? undefined : errorFrom(json ?? told)
    if (fault !== undefined) error ??= fault
    else if (isJsonObject(json)) take(json)
  }

  function leaveOut(bytes: number): void {
    countEvent()
    unseenBytes += bytes
  }

  function end(): ReadResult {
    decoder.end()
    const { unknownEvents, ...answer } = fold.result()
    const fault = answer.error ?? error
    return {
      answer: { ...answer, ...(fault && { error: fault }), ended: answer.ended || done },
      stream: { events, largestGapMs, ...(unknownEvents && { unknownEvents }) },
      ...(firstTokenAt !== undefined && { firstTokenAt }),
      unseenBytes,
    }
  }

  return {
    push(chunk, at) {
      now = at
      decoder.push(chunk)
    },
    end,
  }
}
