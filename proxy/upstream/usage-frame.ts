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
const empty = Buffer.alloc(0)

/**
 * Cuts the frame that carries only usage out of a stream of server-sent events, at exactly its own bytes;
 * every other byte passes as it came. It is in the client's way, so it holds back no more than the event that
 * is just arriving, which the client could not read yet either. Where a frame with `"usage"` in it is rare,
 * it costs one search per chunk.
 */
export class UsageFrameCutter {
  #held: Buffer = empty
  /** Within an event that is too long to be held: the last bytes of it that were passed on. */
  #passed: Buffer | undefined
  #cutFrames = 0

  /** Frames cut so far. */
  get cutFrames(): number {
    return this.#cutFrames
  }

  /** @returns what the client is to get now */
  push(chunk: Buffer): Buffer {
    if (this.#passed !== undefined) return this.#passOn(chunk, this.#passed)
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const end = lastEventEnd(bytes)
    const rest = bytes.subarray(end + idleLines(bytes, end))
    if (rest.length > heldBytesMax) this.#passed = rest.subarray(-blankLineBytesMax)
    this.#held = this.#passed === undefined ? rest : empty
    const ready = bytes.subarray(0, bytes.length - this.#held.length)
    return ready.includes(usageKey) ? this.#withoutUsageFrames(ready) : ready
  }

  /** @returns what was held back when the stream ended: its last event may lack its blank line */
  end(): Buffer {
    const last = this.#held
    this.#held = empty
    return last.includes(usageKey) ? this.#withoutUsageFrames(last) : last
  }

  /** Passes on until the long event's blank line, which may have begun in what was passed before. */
  #passOn(chunk: Buffer, passed: Buffer): Buffer {
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
      if (event.includes(usageKey) && isUsageFrame(event)) {
        this.#cutFrames++
        kept.push(besideFields(event))
      } else {
        kept.push(event)
      }
      start = end
    }
    return Buffer.concat(kept)
  }
}

const blankLines = ['\n\n', '\r\n\r\n', '\r\r'].map((text) => Buffer.from(text))
const blankLineBytesMax = 4

/** @returns the position after the last blank line, or 0 */
function lastEventEnd(bytes: Buffer): number {
  let end = 0
  for (const blank of blankLines) {
    const at = bytes.lastIndexOf(blank)
    if (at >= 0) end = Math.max(end, at + blank.length)
  }
  return end
}

/** @returns the position after the first blank line from `start` on */
function firstEventEnd(bytes: Buffer, start: number): number | undefined {
  let end: number | undefined
  for (const blank of blankLines) {
    const at = bytes.indexOf(blank, start)
    if (at >= 0 && (end === undefined || at + blank.length < end)) end = at + blank.length
  }
  return end
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
