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
const empty = Buffer.alloc(0)

/**
 * Cuts the frame that carries only usage out of a stream of server-sent events, at exactly its own bytes;
 * every other byte passes as it came. It is in the client's way, so it holds back no more than the event that
 * is just arriving, which the client could not read yet either. Where a frame with `"usage"` in it is rare,
 * it costs one search per chunk.
 */
export class UsageFrameCutter {
  #held: Buffer = empty
  /** Within an event that is too long to be held. */
  #passing = false
  #cutFrames = 0

  /** Frames cut so far. */
  get cutFrames(): number {
    return this.#cutFrames
  }

  /** @returns what the client is to get now */
  push(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const end = lastEventEnd(bytes)
    if (this.#passing && end === 0) return bytes
    const rest = bytes.subarray(end + commentLines(bytes, end))
    this.#passing = rest.length > heldBytesMax
    this.#held = this.#passing ? empty : rest
    const ready = bytes.subarray(0, bytes.length - this.#held.length)
    return ready.includes(usageKey) ? this.#withoutUsageFrames(ready) : ready
  }

  /** @returns what was held back when the stream ended: its last event may lack its blank line */
  end(): Buffer {
    const last = this.#held
    this.#held = empty
    return last.includes(usageKey) ? this.#withoutUsageFrames(last) : last
  }

  #withoutUsageFrames(bytes: Buffer): Buffer {
    const kept: Buffer[] = []
    for (let start = 0; start < bytes.length; ) {
      const end = firstEventEnd(bytes, start)
      const event = bytes.subarray(start, end)
      if (event.includes(usageKey) && isUsageFrame(event)) {
        this.#cutFrames++
        kept.push(...comments(event))
      } else {
        kept.push(event)
      }
      start = end
    }
    return Buffer.concat(kept)
  }
}

const blankLines = ['\n\n', '\r\n\r\n', '\r\r'].map((text) => Buffer.from(text))

/** @returns the position after the last blank line, or 0 */
function lastEventEnd(bytes: Buffer): number {
  let end = 0
  for (const blank of blankLines) {
    const at = bytes.lastIndexOf(blank)
    if (at >= 0) end = Math.max(end, at + blank.length)
  }
  return end
}

/** @returns the position after the first blank line from `start` on, or the end */
function firstEventEnd(bytes: Buffer, start: number): number {
  let end = bytes.length
  for (const blank of blankLines) {
    const at = bytes.indexOf(blank, start)
    if (at >= 0) end = Math.min(end, at + blank.length)
  }
  return end
}

/** @returns how many bytes of whole comment lines begin at `start`: keep-alives, which must not wait */
function commentLines(bytes: Buffer, start: number): number {
  let at = start
  while (bytes[at] === colon) {
    const end = bytes.indexOf('\n', at)
    if (end < 0) break
    at = end + 1
  }
  return at - start
}

const lineEnds = /(?<=\r\n|\n|\r(?!\n))/

/** The comment lines of an event, with their line ends. */
function comments(event: Buffer): Buffer[] {
  const lines = event.toString('latin1').split(lineEnds)
  return lines.filter((line) => line.startsWith(':')).map((line) => Buffer.from(line, 'latin1'))
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
