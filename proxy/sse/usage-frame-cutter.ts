import { parseJson } from '../../shared/json.ts'
import { isUsageFrame } from './is-usage-frame.ts'

/** An incomplete event over this limit is not a usage frame: it passes through as it comes. */
const maxHeldBytes = 64 * 1024

const usageKey = Buffer.from('"usage"')
const choicesKey = Buffer.from('"choices"')
const colon = 0x3a
const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const empty = Buffer.alloc(0)

/**
 * Cuts the frame that carries only usage out of a stream of server-sent events, at exactly its own bytes; every other
 * byte passes through unchanged. It is in the client's path, so it holds back no more than the incomplete event at the
 * end, which the client could not parse yet either. It costs one search per chunk, and parses only frames that report
 * usage.
 */
export class UsageFrameCutter {
  #held: Buffer = empty
  /** Within an event that is too long to hold: the last bytes of it that passed through. */
  #tail: Buffer | undefined
  #cutFrames = 0
  /** The cut frame ended with CR: an LF that follows belongs to its line end. */
  #cutAtReturn = false
  /** An event that has passed had `choices`. */
  #hasChoices = false

  /** Frames cut so far. */
  get cutFrames(): number {
    return this.#cutFrames
  }

  /** @returns the bytes to write to the client now */
  push(received: Buffer): Buffer {
    if (received.length === 0) return received
    const chunk = this.#cutAtReturn && received[0] === lineFeed ? received.subarray(1) : received
    this.#cutAtReturn = false
    if (this.#tail !== undefined) return this.#forward(chunk, this.#tail)
    // Nearly every chunk is whole events: nothing to hold, nothing to copy.
    if (this.#held.length === 0 && endsWithBlankLine(chunk)) return this.#pass(chunk)
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const end = lastEventEnd(bytes)
    const rest = bytes.subarray(end + idleLines(bytes, end))
    if (rest.length > maxHeldBytes) this.#tail = rest.subarray(-maxBlankLineBytes)
    this.#held = this.#tail === undefined ? rest : empty
    return this.#pass(bytes.subarray(0, bytes.length - this.#held.length))
  }

  /** @returns the bytes still held when the stream ends: its last event may lack its blank line */
  end(): Buffer {
    const last = this.#held
    this.#held = empty
    return reportsUsage(last) ? this.#withoutUsageFrames(last) : last
  }

  /** Passes bytes through up to the long event's blank line, which may start in `tail`. */
  #forward(chunk: Buffer, tail: Buffer): Buffer {
    const seen = Buffer.concat([tail, chunk])
    const end = firstEventEnd(seen, 0)
    if (end === undefined) {
      this.#tail = seen.subarray(-maxBlankLineBytes)
      return chunk
    }
    this.#tail = undefined
    const after = end - tail.length
    return Buffer.concat([chunk.subarray(0, after), this.push(chunk.subarray(after))])
  }

  /** @param events that are complete, or too long to hold */
  #pass(events: Buffer): Buffer {
    if (reportsUsage(events)) return this.#withoutUsageFrames(events)
    this.#hasChoices ||= events.includes(choicesKey)
    return events
  }

  #withoutUsageFrames(bytes: Buffer): Buffer {
    const kept: Buffer[] = []
    for (let start = 0; start < bytes.length; ) {
      const end = firstEventEnd(bytes, start) ?? bytes.length
      const event = bytes.subarray(start, end)
      if (reportsUsage(event) && carriesOnlyUsage(event, this.#hasChoices)) {
        this.#cutFrames++
        kept.push(commentsOf(event))
        this.#cutAtReturn = this.#held.length === 0 && end === bytes.length && bytes.at(-1) === carriageReturn
      } else {
        kept.push(event)
        this.#hasChoices ||= event.includes(choicesKey)
      }
      start = end
    }
    return Buffer.concat(kept)
  }
}

/** By two LF: unlike after a CR, no later byte can belong to the line end. */
const endsWithBlankLine = (bytes: Buffer): boolean =>
  bytes[bytes.length - 1] === lineFeed && bytes[bytes.length - 2] === lineFeed

/** `null` as a 32-bit integer: saves a Buffer for each comparison. */
const nullWord = Buffer.from('null').readUInt32LE()

/**
 * False where `"usage"` is missing, or only ever null: with include_usage, OpenAI and others write `"usage":null` into
 * every other frame. Saves parsing all of them in the client's path.
 */
function reportsUsage(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(usageKey); at >= 0; at = bytes.indexOf(usageKey, at + usageKey.length)) {
    if (!isNullAt(bytes, at + usageKey.length)) return true
  }
  return false
}

/** True for `:null` or `: null` at a position. */
function isNullAt(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== colon) return false
  const start = bytes[at + 1] === space ? at + 2 : at + 1
  return start + 4 <= bytes.length && bytes.readUInt32LE(start) === nullWord
}

// Two line ends in a row, in every mix of LF, CRLF and CR; an LF after the last CR belongs to it.
const blankLines = ['\n\n', '\n\r', '\r\r'].map((text) => Buffer.from(text))
const maxBlankLineBytes = 3

/** @returns the position after the last blank line, or 0 */
function lastEventEnd(bytes: Buffer): number {
  const last = Math.max(...blankLines.map((blank) => bytes.lastIndexOf(blank)))
  return last < 0 ? 0 : blankLineEnd(bytes, last)
}

/** @returns the position after the first blank line from `start` on */
function firstEventEnd(bytes: Buffer, start: number): number | undefined {
  const found = blankLines.map((blank) => bytes.indexOf(blank, start)).filter((at) => at >= 0)
  return found.length === 0 ? undefined : blankLineEnd(bytes, Math.min(...found))
}

function blankLineEnd(bytes: Buffer, at: number): number {
  const end = at + 2
  return bytes[end - 1] === carriageReturn && bytes[end] === lineFeed ? end + 1 : end
}

/** @returns bytes of complete comment and empty lines at `start`: keep-alives, which must not be held back */
function idleLines(bytes: Buffer, start: number): number {
  let at = start
  while (bytes[at] === colon || bytes[at] === lineFeed) {
    const end = bytes.indexOf(lineFeed, at)
    if (end < 0) break
    at = end + 1
  }
  return at - start
}

const lineEnds = /(?<=\r\n|\n|\r(?!\n))/

/** @returns the comment lines of an event, with the line ends before its first field */
function commentsOf(event: Buffer): Buffer {
  const lines = event.toString('latin1').split(lineEnds)
  const firstField = lines.findIndex((line) => /^[^:\r\n]/.test(line))
  return Buffer.from(lines.filter((line, at) => at < firstField || line.startsWith(':')).join(''), 'latin1')
}

function carriesOnlyUsage(event: Buffer, hasChoices: boolean): boolean {
  const data = event
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length))
  return isUsageFrame(parseJson(data.join('\n')), hasChoices)
}
