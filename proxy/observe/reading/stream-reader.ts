import { type Json, parseJson } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { CallError } from '../../../shared/record/record.ts'
import { createSseDecoder } from '../../sse/decoder.ts'
import { errorFrom } from '../errors/error.ts'
import type { Fold } from '../folds/fold.ts'
import { ArrivalTimes } from './arrival-times.ts'
import { maxEventBytes } from './limits.ts'
import type { ReadResult, SyncResponseReader } from './response-reader.ts'
import { readStrayLine } from './stray-line.ts'
import { createUnrecognizedEvents } from './unrecognized-events.ts'

/**
 * Reads an event stream as it arrives: each event is parsed and folded once its last byte is there. What follows
 * `[DONE]` is not part of the response: clients stop reading there, so it counts as unseen.
 */
export function createStreamReader(fold: Fold): SyncResponseReader {
  const arrivals = new ArrivalTimes()
  let now = 0
  let firstTokenAt: number | undefined
  let unseenBytes = 0
  let done = false
  let streamError: CallError | undefined
  const unrecognized = createUnrecognizedEvents()

  const decoder = createSseDecoder({ event, stray, overlong: skip }, maxEventBytes)

  function event(data: string, type: string): void {
    if (done) {
      passOver(data)
      return
    }
    if (data.startsWith('[DONE]')) {
      done = true
      return
    }
    const json = parseJson(data)
    if (type === 'error') streamError ??= errorFrom(json ?? data)
    if (json === undefined) skip(Buffer.byteLength(data))
    else addEvent(json, data.length)
  }

  function stray(line: string): void {
    if (done) {
      passOver(line)
      return
    }
    const { error, event: json } = readStrayLine(line)
    streamError ??= error
    if (json !== undefined) addEvent(json, line.length)
  }

  function addEvent(json: Json, size: number): void {
    arrivals.add(now)
    if (fold.add(json)) firstTokenAt ??= now
    if (firstTokenAt === undefined) unrecognized.add(json, size)
  }

  function passOver(text: string): void {
    if (!text.startsWith('[DONE]')) unseenBytes += Buffer.byteLength(text)
  }

  function skip(bytes: number): void {
    arrivals.add(now)
    unseenBytes += bytes
  }

  return {
    push(chunk, at) {
      now = at
      decoder.push(chunk)
    },
    end(): ReadResult {
      decoder.end()
      const { count: events, largestGapMs } = arrivals
      const {
        unknownEvents,
        unusedEvents,
        error = streamError,
        unrecognized: isUnrecognized,
        ...folded
      } = fold.result()
      const output = folded.output ?? (isUnrecognized ? unrecognized.output(error) : undefined)
      const ended = folded.ended || done || (isUnrecognized === true && output !== undefined)
      return omitUndefined({
        response: omitUndefined({ ...folded, output, error, ended }),
        stream: omitUndefined({ events, largestGapMs, unknownEvents, unusedEvents }),
        firstTokenAt,
        unseenBytes,
      })
    },
  }
}
