import { parseJson } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { CallError } from '../../../shared/record/record.ts'
import { createSseDecoder } from '../../sse/decoder.ts'
import { errorFrom } from '../errors/error.ts'
import type { Fold } from '../folds/fold.ts'
import { type ArrivingEvents, createArrivingEvents } from './arriving-events.ts'
import { maxEventBytes } from './limits.ts'
import type { ReadResult, SyncResponseReader } from './response-reader.ts'
import { readStrayLine } from './stray-line.ts'

/**
 * Reads an event stream as it arrives: each event is parsed and folded once its last byte is there. What follows
 * `[DONE]` is not part of the response: clients stop reading there, so it counts as unseen.
 */
export function createStreamReader(fold: Fold): SyncResponseReader {
  const events = createArrivingEvents(fold)
  let done = false
  let streamError: CallError | undefined

  const decoder = createSseDecoder({ event, stray, overlong: events.skip }, maxEventBytes)

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
    if (json === undefined) events.skip(Buffer.byteLength(data))
    else events.add(json, data.length)
  }

  function stray(line: string): void {
    if (done) {
      passOver(line)
      return
    }
    const { error, event: json } = readStrayLine(line)
    streamError ??= error
    if (json !== undefined) events.add(json, line.length)
  }

  function passOver(text: string): void {
    if (!text.startsWith('[DONE]')) events.passOver(Buffer.byteLength(text))
  }

  return {
    push(chunk, at) {
      events.chunkArrived(at)
      decoder.push(chunk)
    },
    firstTokenAt: events.firstTokenAt,
    end(): ReadResult {
      decoder.end()
      return resultOf(events, fold, done, streamError)
    },
  }
}

function resultOf(
  arriving: ArrivingEvents,
  fold: Fold,
  done: boolean,
  streamError: CallError | undefined,
): ReadResult {
  const { events, largestGapMs, largestGapAt, lastEventAt, firstTokenAt, unseenBytes } = arriving.read()
  const { unknownEvents, unusedEvents, error = streamError, unrecognized, ...folded } = fold.result()
  const output = folded.output ?? (unrecognized ? arriving.unrecognizedOutput(error) : undefined)
  const ended = folded.ended || done || (unrecognized === true && output !== undefined)
  return omitUndefined({
    response: omitUndefined({ ...folded, output, error, ended }),
    stream: omitUndefined({ events, largestGapMs, unknownEvents, unusedEvents }),
    firstTokenAt,
    largestGapAt,
    lastEventAt,
    unseenBytes,
  })
}
