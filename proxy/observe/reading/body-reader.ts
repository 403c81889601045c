import { isJsonObject, parseJson } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { BoundedBuffer } from '../../sse/bounded-buffer.ts'
import { readErrorBody } from '../errors/error.ts'
import type { Fold, FoldedResponse } from '../folds/fold.ts'
import { isRunning } from '../folds/running-state.ts'
import { createServedFacts } from '../folds/served-facts.ts'
import { ArrivalTimes } from './arrival-times.ts'
import { jsonLines } from './json-lines.ts'
import type { ReadResult, ResponseMeta, SyncResponseReader } from './response-reader.ts'
import { createTail, fieldsOfTruncatedJson, maxTailBytes } from './truncated-json.ts'

/** Buffers a body up to a limit and reads it at its end: responses that are not streamed, and errors. */
export function createBodyReader(meta: ResponseMeta, fold: Fold, maxBytes: number): SyncResponseReader {
  const buffer = new BoundedBuffer(maxBytes)
  const tail = createTail()
  const arrivals = new ArrivalTimes()

  function push(chunk: Buffer, at: number): void {
    arrivals.add(at)
    const before = buffer.overflow
    buffer.add(chunk)
    const dropped = buffer.overflow - before
    if (dropped > 0) tail.add(chunk.subarray(-dropped))
  }

  function end(): ReadResult {
    const overflow = buffer.overflow
    const body = buffer.take()
    const text = body.toString('utf8')
    if (meta.status >= 400) return { response: failedResponse(text, meta.status), unseenBytes: overflow }
    return readText(text, body.length, overflow)
  }

  function readText(text: string, bufferedBytes: number, overflow: number): ReadResult {
    if (text === '') return { response: fold.result(), unseenBytes: overflow }
    const json = overflow > 0 ? undefined : parseJson(text)
    if (json !== undefined) {
      fold.add(json)
      const response = fold.result()
      if (isRunning(response.served?.state)) return { response, unseenBytes: 0 }
      if (response.output !== undefined) return { response, unseenBytes: 0 }
      // JSON of a shape that the dialect does not know is recorded as it is.
      return { response: { ...response, output: { kind: 'json', value: json } }, unseenBytes: 0 }
    }
    const lines = overflow > 0 ? undefined : jsonLines(text)
    if (lines !== undefined) {
      for (const line of lines) fold.add(line)
      return { response: { output: { kind: 'json', value: lines }, ...fold.result() }, unseenBytes: 0 }
    }
    if (meta.mediaType.endsWith('json')) {
      return { response: readTruncated(text), unseenBytes: bufferedBytes + overflow }
    }
    return { response: { ...fold.result(), output: { kind: 'text', text } }, unseenBytes: overflow }
  }

  /** Without the output: the beginning of a JSON text is not worth showing. */
  function readTruncated(text: string): FoldedResponse {
    fold.add(fieldsOfTruncatedJson(text, text.slice(-maxTailBytes) + tail.text()))
    const { output: _, ...response } = fold.result()
    return response
  }

  return { push, end }
}

function failedResponse(text: string, status: number): FoldedResponse {
  const served = createServedFacts()
  const json = parseJson(text)
  if (isJsonObject(json)) served.add(json)
  return omitUndefined({
    usage: { provenance: 'missing' } as const,
    error: readErrorBody(text, status),
    served: served.read(),
    ended: true,
  })
}
