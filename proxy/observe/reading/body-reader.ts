import { parseJson } from '../../../shared/json.ts'
import { createBoundedBuffer } from '../../sse/bounded-buffer.ts'
import { readErrorBody } from '../errors/error.ts'
import type { Fold, FoldedResponse } from '../folds/fold.ts'
import type { ReadResult, ResponseMeta, SyncResponseReader } from './response-reader.ts'
import { createStreamReader } from './stream-reader.ts'
import { createTail, fieldsOfTruncatedJson, maxTailBytes } from './truncated-json.ts'

/** Keeps a body up to a limit and reads it at its end: plain answers, and errors. */
export function createBodyReader(head: ResponseMeta, fold: Fold, maxBytes: number): SyncResponseReader {
  const store = createBoundedBuffer(maxBytes)
  const tail = createTail()
  let firstAt: number | undefined
  let lastAt = 0
  let largestGapMs = 0

  function push(chunk: Buffer, at: number): void {
    if (firstAt === undefined) firstAt = at
    else largestGapMs = Math.max(largestGapMs, at - lastAt)
    lastAt = at
    const before = store.overflow
    store.add(chunk)
    const left = store.overflow - before
    if (left > 0) tail.add(chunk.subarray(-left))
  }

  function end(): ReadResult {
    const overflow = store.overflow
    const body = store.take()
    const text = body.toString('utf8')
    if (head.status >= 400) return { answer: failure(text), unseenBytes: overflow }
    return isEventStream(head, text) ? readStream(body, overflow) : readWhole(text, body.length, overflow)
  }

  function failure(text: string): FoldedResponse {
    const error = readErrorBody(text, head.status)
    return { usage: { provenance: 'missing' }, error, ended: true }
  }

  function readStream(body: Buffer, overflow: number): ReadResult {
    const reading = createStreamReader(fold)
    reading.push(body, firstAt ?? 0)
    const seen = reading.end()
    const stream = seen.stream && { ...seen.stream, largestGapMs }
    return { ...seen, ...(stream && { stream }), unseenBytes: seen.unseenBytes + overflow }
  }

  function readWhole(text: string, keptBytes: number, overflow: number): ReadResult {
    if (text === '') return { answer: fold.result(), unseenBytes: overflow }
    const json = overflow > 0 ? undefined : parseJson(text)
    if (json !== undefined) {
      fold.add(json)
      // JSON that the dialect does not know is shown as it is.
      return { answer: { output: { kind: 'json', value: json }, ...fold.result() }, unseenBytes: 0 }
    }
    if (head.mediaType.endsWith('json')) {
      return { answer: readCutOff(text), unseenBytes: keptBytes + overflow }
    }
    return { answer: { ...fold.result(), output: { kind: 'text', text } }, unseenBytes: overflow }
  }

  /** What a JSON text tells beside its output, of which a beginning is nothing to show. */
  function readCutOff(text: string): FoldedResponse {
    fold.add(fieldsOfTruncatedJson(text, text.slice(-maxTailBytes) + tail.text()))
    const { output: _, ...answer } = fold.result()
    return answer
  }

  return { push, end }
}

/** Some servers stream events under the name of JSON or of no type at all. */
function isEventStream({ mediaType }: ResponseMeta, text: string): boolean {
  return mediaType === 'text/event-stream' || /^\uFEFF?(data|event|id|retry)?:/.test(text)
}
