import { isJsonObject, parseJson } from '../../shared/json.ts'

// Keys of a frame that says nothing but usage, as OpenAI, Azure, vLLM, llama.cpp, OpenRouter and others send
// it. A frame with any other key says more, and is passed on.
const usageFrameKeys: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'model',
  'choices',
  'usage',
  'system_fingerprint',
  'service_tier',
  'obfuscation',
  'provider',
  'timings',
  'latency_checkpoint',
  'sla_metrics',
])

/** An unfinished event that grows over this is no usage frame: it is passed on as it comes. */
const heldBytesMax = 64 * 1024

const usageKey = Buffer.from('"usage"')
const colon = 0x3a
const lineFeed = 0x0a
const carriageReturn = 0x0d
const empty = Buffer.alloc(0)

/**
 * Cuts the frame that carries only usage out of a stream of server-sent events, at exactly its own bytes;
 * every other byte passes as it came. It is in the client's way, so it holds back no more than the event that
 * is just arriving, which the client could not read yet either. It costs one search per chunk, and parses only
 * frames that tell usage.
 */
export class UsageFrameCutter {
  #held: Buffer = empty
  /** Within an event that is too long to be held: the last bytes of it that were passed on. */
  #passed: Buffer | undefined
  #cutFrames = 0
  /** What was cut ended with CR: an LF that comes next is the rest of its line end. */
  #cutAtReturn = false

  /** Frames cut so far. */
  get cutFrames(): number {
    return this.#cutFrames
  }

  /** @returns what the client is to get now */
  push(given: Buffer): Buffer {
    if (given.length === 0) return given
    const chunk = this.#cutAtReturn && given[0] === lineFeed ? given.subarray(1) : given
    this.#cutAtReturn = false
    if (this.#passed !== undefined) return this.#forward(chunk, this.#passed)
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const end = lastEventEnd(bytes)
    const rest = bytes.subarray(end + idleLines(bytes, end))
    if (rest.length > heldBytesMax) this.#passed = rest.subarray(-blankLineBytesMax)
    this.#held = this.#passed === undefined ? rest : empty
    const ready = bytes.subarray(0, bytes.length - this.#held.length)
    return tellsUsage(ready) ? this.#withoutUsageFrames(ready) : ready
  }

  /** @returns what was held back when the stream ended: its last event may lack its blank line */
  end(): Buffer {
    const last = this.#held
    this.#held = empty
    return tellsUsage(last) ? this.#withoutUsageFrames(last) : last
  }

  /** Passes on until the long event's blank line, which may have begun in what was passed before. */
  #forward(chunk: Buffer, passed: Buffer): Buffer {
    const seen = Buffer.concat([passed, chunk])
    const end = firstEventEnd(seen, 0)
    if (end === undefined) {
      this.#passed = seen.subarray(-blankLineBytesMax)
      return chunk
    }
    this.#passed = undefined
    const after = end - passed.length
    return Buffer.concat([chunk.subarray(0, after), this.push(chunk.subarray(after))])
  }

  #withoutUsageFrames(bytes: Buffer): Buffer {
    const kept: Buffer[] = []
    for (let start = 0; start < bytes.length; ) {
      const end = firstEventEnd(bytes, start) ?? bytes.length
      const event = bytes.subarray(start, end)
      if (tellsUsage(event) && isUsageFrame(event)) {
        this.#cutFrames++
        kept.push(besideFields(event))
        this.#cutAtReturn = this.#held.length === 0 && end === bytes.length && bytes.at(-1) === carriageReturn
      } else {
        kept.push(event)
      }
      start = end
    }
    return Buffer.concat(kept)
  }
}

const nullUsages = ['"usage":null', '"usage": null'].map((text) => Buffer.from(text))

/**
 * False where `"usage"` is missing, or only ever null: OpenAI and others write `"usage":null` into every other
 * frame of a stream that was asked for its usage. Gained: no frame but the one is parsed in the client's way.
 */
function tellsUsage(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(usageKey); at >= 0; at = bytes.indexOf(usageKey, at + usageKey.length)) {
    if (!nullUsages.some((text) => bytes.subarray(at, at + text.length).equals(text))) return true
  }
  return false
}

// Two line ends in a row, in every mixture of LF, CRLF and CR; an LF after the last CR belongs to it.
const blankLines = ['\n\n', '\n\r', '\r\r'].map((text) => Buffer.from(text))
const blankLineBytesMax = 3

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

/** @returns how many bytes of whole comment and empty lines begin at `start`: keep-alives, which must not wait */
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

/** What of an event is not the frame itself: comments, and what ended a comment before it. */
function besideFields(event: Buffer): Buffer {
  const lines = event.toString('latin1').split(lineEnds)
  const firstField = lines.findIndex((line) => /^[^:\r\n]/.test(line))
  return Buffer.from(lines.filter((line, at) => at < firstField || line.startsWith(':')).join(''), 'latin1')
}

/** True for `{"choices": [], "usage": {...}, ...}` with nothing else in it that could mean something. */
function isUsageFrame(event: Buffer): boolean {
  const data = event
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length))
  const frame = parseJson(data.join('\n'))
  if (!isJsonObject(frame) || !isJsonObject(frame.usage)) return false
  if (!Array.isArray(frame.choices) || frame.choices.length > 0) return false
  return Object.entries(frame).every(([key, value]) => value === null || usageFrameKeys.has(key))
}
