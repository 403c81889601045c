/** Half-open range of bytes in a body. */
export type Range = { readonly start: number; readonly end: number }

/**
 * Finds the values of some keys of the outermost object of a JSON text while its bytes come in, without building
 * anything of the rest. Strings, which are nearly all of a prompt, are passed over by a native search; what is nested is
 * passed over by its brackets. Linear in the bytes, whatever they are.
 *
 * What it accepts, JSON.parse accepts with the same values for these keys, but for the grammar inside of nested values
 * and literals, which is not checked. Of a repeated key the last one counts, as in JSON.parse.
 */
export class JsonScanner {
  readonly #wanted: ReadonlySet<string>
  readonly #longestKey: number
  readonly #found = new Map<string, Range>()
  #state: State = State.start
  /** Bytes of the chunks before this one. */
  #passed = 0
  /** Position of the `{`, or -1. */
  #objectStart = -1
  /** An escape whose second character is in the next chunk. */
  #isEscaped = false
  /** The key that is coming in, as far as it can still be a wanted one. */
  #key: number[] = []
  #keyHasEscapes = false
  #currentKey: string | undefined
  #valueStart = 0
  /** Closing brackets that are awaited, innermost last. */
  #awaited = new Uint8Array(64)
  #depth = 0

  /** @param wanted keys of ASCII characters */
  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted
    // A key written in nothing but \uXXXX is six times as long.
    this.#longestKey = 6 * Math.max(...[...wanted].map((key) => key.length))
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length && this.#state !== State.invalid) at = this.#step(chunk, at)
    this.#passed += chunk.length
  }

  /** @returns the range of each wanted key's value, or undefined where the text is no complete JSON object */
  end(): ScannedObject | undefined {
    if (this.#state !== State.done) return undefined
    return { start: this.#objectStart, values: this.#found }
  }

  /** @returns the position to go on at */
  #step(chunk: Uint8Array, at: number): number {
    switch (this.#state) {
      case State.inKey:
        return this.#passKey(chunk, at)
      case State.inString:
        return this.#passString(chunk, at, State.afterValue)
      case State.inNestedString:
        return this.#passString(chunk, at, State.inNested)
      case State.inNested:
        return this.#passNested(chunk, at)
      case State.inLiteral:
        return this.#passLiteral(chunk, at)
      default:
        return this.#passStructure(chunk, at)
    }
  }

  /** What stands between the keys and values of the outermost object. */
  #passStructure(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] as number
    if (isSpace(byte)) return at + 1
    switch (this.#state) {
      case State.start:
        this.#objectStart = this.#passed + at
        this.#state = byte === openBrace ? State.firstKey : State.invalid
        return at + 1
      case State.firstKey:
      case State.nextKey:
        return this.#beginKey(byte, at)
      case State.colon:
        this.#state = byte === colon ? State.value : State.invalid
        return at + 1
      case State.value:
        return this.#beginValue(byte, at)
      case State.afterValue:
        return this.#afterValue(byte, at)
      default:
        // Something behind the object.
        this.#state = State.invalid
        return at + 1
    }
  }

  #beginKey(byte: number, at: number): number {
    if (byte === quote) {
      this.#state = State.inKey
      this.#key = []
      this.#keyHasEscapes = false
    } else if (byte === closeBrace && this.#state === State.firstKey) this.#state = State.done
    else this.#state = State.invalid
    return at + 1
  }

  #beginValue(byte: number, at: number): number {
    this.#valueStart = this.#passed + at
    if (byte === quote) this.#state = State.inString
    else if (byte === openBrace || byte === openBracket) {
      this.#state = State.inNested
      this.#depth = 0
      return at
    } else if (isLiteral(byte)) this.#state = State.inLiteral
    else this.#state = State.invalid
    return at + 1
  }

  #afterValue(byte: number, at: number): number {
    if (byte === comma) this.#state = State.nextKey
    else this.#state = byte === closeBrace ? State.done : State.invalid
    return at + 1
  }

  #passKey(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] as number
      if (byte < 0x20) {
        this.#state = State.invalid
        return at
      }
      if (byte === quote && !this.#isEscaped) {
        this.#state = State.colon
        this.#currentKey = this.#endKey()
        return at + 1
      }
      this.#isEscaped = byte === backslash && !this.#isEscaped
      if (byte === backslash) this.#keyHasEscapes = true
      if (this.#key.length <= this.#longestKey) this.#key.push(byte)
    }
    return chunk.length
  }

  /** @returns the key where it is a wanted one */
  #endKey(): string | undefined {
    if (this.#key.length > this.#longestKey) return undefined
    const text = String.fromCharCode(...this.#key)
    if (!this.#keyHasEscapes) return this.#wanted.has(text) ? text : undefined
    try {
      const key = JSON.parse(`"${text}"`)
      return this.#wanted.has(key) ? key : undefined
    } catch {
      this.#state = State.invalid
      return undefined
    }
  }

  #passString(chunk: Uint8Array, from: number, next: State): number {
    let at = this.#isEscaped ? from + 1 : from
    this.#isEscaped = false
    while (at < chunk.length) {
      // Most strings of a request are short, or full of escapes: a native search costs as much as some 40 steps.
      const near = Math.min(at + nearBytes, chunk.length)
      while (at < near) {
        const byte = chunk[at] as number
        if (byte === quote) return this.#endString(at, next)
        at += byte === backslash ? 2 : 1
      }
      if (at >= chunk.length) break
      const end = chunk.indexOf(quote, at)
      const stop = end < 0 ? chunk.length : end
      if (backslashesBefore(chunk, stop, at) % 2 === 0) {
        if (end >= 0) return this.#endString(end, next)
        return chunk.length
      }
      at = stop + 1
    }
    this.#isEscaped = at > chunk.length
    return chunk.length
  }

  #endString(at: number, next: State): number {
    this.#state = next
    if (next === State.afterValue) this.#keep(this.#passed + at + 1)
    return at + 1
  }

  #passNested(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] as number
      if (byte === quote) {
        this.#state = State.inNestedString
        return at + 1
      }
      // Both kinds of opening bracket are two below their closing one.
      if (byte === openBrace || byte === openBracket) this.#open(byte + 2)
      else if (byte === closeBrace || byte === closeBracket) {
        if (this.#awaited[--this.#depth] !== byte) {
          this.#state = State.invalid
          return at
        }
        if (this.#depth === 0) {
          this.#state = State.afterValue
          this.#keep(this.#passed + at + 1)
          return at + 1
        }
      }
    }
    return chunk.length
  }

  #open(closing: number): void {
    if (this.#depth === this.#awaited.length) {
      const grown = new Uint8Array(this.#awaited.length * 2)
      grown.set(this.#awaited)
      this.#awaited = grown
    }
    this.#awaited[this.#depth++] = closing
  }

  #passLiteral(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      if (isLiteral(chunk[at] as number)) continue
      this.#state = State.afterValue
      this.#keep(this.#passed + at)
      return at
    }
    return chunk.length
  }

  #keep(end: number): void {
    if (this.#currentKey === undefined) return
    this.#found.set(this.#currentKey, { start: this.#valueStart, end })
  }
}

/** What was found in an object. */
export type ScannedObject = {
  /** Where its `{` stands. */
  readonly start: number
  readonly values: ReadonlyMap<string, Range>
}

// An object and not an enum, which the compiler would have to generate code for.
const State = {
  start: 0,
  firstKey: 1,
  nextKey: 2,
  inKey: 3,
  colon: 4,
  value: 5,
  inString: 6,
  inNested: 7,
  inNestedString: 8,
  inLiteral: 9,
  afterValue: 10,
  done: 11,
  invalid: 12,
} as const
type State = (typeof State)[keyof typeof State]

const nearBytes = 32

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** White space of JSON (RFC 8259 §2). */
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** A character of a number, `true`, `false` or `null`. */
const isLiteral = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x2d ||
  byte === 0x2b ||
  byte === 0x2e ||
  byte === 0x45

/** How many backslashes stand directly before `end`, from `start` on. */
function backslashesBefore(bytes: Uint8Array, end: number, start: number): number {
  let count = 0
  while (end - count > start && bytes[end - count - 1] === backslash) count += 1
  return count
}
