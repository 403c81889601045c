import { BoundedBuffer } from './bounded-buffer.ts'

/** Callbacks for a stream of server-sent events, in its order. */
export type SseListener = {
  /** @param type the `event:` field, empty where there was none */
  event(data: string, type: string): void
  /** A line whose field name the format does not define: a bare `error: ...`, or JSON outside an event. */
  stray(line: string): void
  /** An event over the limit was skipped. */
  overlong(bytes: number): void
}

export type SseDecoder = {
  push(chunk: Buffer): void
  /** Dispatches a last event without its blank line too: several providers end their streams so. */
  end(): void
}

const LF = 0x0a
const CR = 0x0d
const space = 0x20
const colon = 0x3a

/**
 * Decodes an event stream (WHATWG HTML, section 9.2.6), however it is chunked. Never throws.
 *
 * It works on bytes: `indexOf` finds line ends at memory speed, and only the values of `data` become strings, one per
 * line. Saves a string per chunk that would only be split and discarded. It is one closure, because it runs for every event:
 * with lines and events apart it was slower.
 * @param maxEventBytes limit of one event's data and of any line
 */
export function createSseDecoder(listener: SseListener, maxEventBytes: number): SseDecoder {
  const carry = new BoundedBuffer(maxEventBytes)
  let lineFeedMayFollow = false
  let atStart = true
  let type = ''
  let data: string | undefined
  let eventBytes = 0

  function push(chunk: Buffer): void {
    let start = lineFeedMayFollow && chunk[0] === LF ? 1 : 0
    if (chunk.length > 0) lineFeedMayFollow = false
    let lf = chunk.indexOf(LF, start)
    let cr = chunk.indexOf(CR, start)
    while (lf !== -1 || cr !== -1) {
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
      completeLine(chunk, start, end)
      start = end + 1
      if (end === cr) {
        if (start === chunk.length) lineFeedMayFollow = true
        else if (chunk[start] === LF) start += 1
        cr = chunk.indexOf(CR, start)
      }
      if (lf !== -1 && lf < start) lf = chunk.indexOf(LF, start)
    }
    if (start < chunk.length) carry.add(chunk.subarray(start))
  }

  function completeLine(chunk: Buffer, start: number, end: number): void {
    if (carry.size === 0) {
      readLine(chunk, start, end, end - start)
    } else {
      carry.add(chunk.subarray(start, end))
      readCarried()
    }
  }

  function readCarried(): void {
    const length = carry.size + carry.overflow
    const line = carry.take()
    readLine(line, 0, line.length, length)
  }

  function readLine(bytes: Buffer, from: number, end: number, length: number): void {
    const start = atStart && startsWithBom(bytes, from, end) ? from + 3 : from
    atStart = false
    if (start === end) dispatch()
    else if (bytes[start] === colon) return
    else if (length > maxEventBytes) eventBytes += length
    else if (isDataField(bytes, start, end)) addData(bytes, start + 5, end)
    else readField(bytes.toString('utf8', start, end))
  }

  function addData(bytes: Buffer, start: number, end: number): void {
    const from = bytes[start] === space ? start + 1 : start
    // The line feed counts too, or a run of empty lines would grow without limit.
    eventBytes += Math.max(end - from, 0) + (data === undefined ? 0 : 1)
    if (eventBytes > maxEventBytes) return
    const text = from < end ? bytes.toString('utf8', from, end) : ''
    data = data === undefined ? text : `${data}\n${text}`
  }

  function readField(line: string): void {
    const at = line.indexOf(':')
    const name = at === -1 ? line : line.slice(0, at)
    if (name === 'event') type = at === -1 ? '' : line.slice(line[at + 1] === ' ' ? at + 2 : at + 1)
    else if (name !== 'id' && name !== 'retry') listener.stray(line)
  }

  function dispatch(): void {
    const ready = data
    const readyType = type
    const bytes = eventBytes
    data = undefined
    type = ''
    eventBytes = 0
    if (bytes > maxEventBytes) listener.overlong(bytes)
    else if (ready !== undefined) listener.event(ready, readyType)
  }

  function end(): void {
    if (carry.size > 0) readCarried()
    dispatch()
  }

  return { push, end }
}

function startsWithBom(bytes: Buffer, start: number, end: number): boolean {
  return end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf
}

/** True for `data` and `data:...`. Saves one string per line. */
function isDataField(bytes: Buffer, start: number, end: number): boolean {
  return (
    bytes[start] === 0x64 &&
    bytes[start + 1] === 0x61 &&
    bytes[start + 2] === 0x74 &&
    bytes[start + 3] === 0x61 &&
    (end - start === 4 || (end - start > 4 && bytes[start + 4] === colon))
  )
}
