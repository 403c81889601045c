/** Bytes (UTF-8) that may still be kept of one answer; shared by all its texts. */
export type Allowance = { left: number }

/** A text that comes in pieces and stops growing when the allowance is used up. Writes itself into JSON. */
export class GrowingText {
  #text = ''
  #missing = 0

  /** @returns true unless the piece was empty */
  add(piece: string, allowance: Allowance): boolean {
    if (piece === '') return false
    const size = Buffer.byteLength(piece)
    if (this.#missing === 0 && size <= allowance.left) {
      this.#text += piece
      allowance.left -= size
    } else {
      const kept = this.#missing === 0 ? cut(piece, allowance.left) : ''
      this.#text += kept
      this.#missing += piece.length - kept.length
      allowance.left = 0
    }
    return true
  }

  /** Takes a text that repeats what came so far: adds what is new. One that begins otherwise is a piece. */
  addWhole(whole: string, allowance: Allowance): boolean {
    const known = this.#text.length + this.#missing
    return this.add(whole.startsWith(this.#text) ? whole.slice(known) : whole, allowance)
  }

  get empty(): boolean {
    return this.#text === '' && this.#missing === 0
  }

  /** Characters of the whole text, kept or not. */
  get length(): number {
    return this.#text.length + this.#missing
  }

  toString(): string {
    return this.#missing === 0 ? this.#text : this.#text + missingMark(this.#missing)
  }

  toJSON(): string {
    return this.toString()
  }
}

/** How a text takes more: as a piece of it, or as all of it again. */
export type Grow = (text: GrowingText, told: string, allowance: Allowance) => boolean
export const byPiece: Grow = (text, piece, allowance) => text.add(piece, allowance)
export const byWhole: Grow = (text, whole, allowance) => text.addWhole(whole, allowance)

/** Stands at the end of a text that was cut. */
export const missingMark = (characters: number): string => ` … [${characters} more characters]`

/** @returns the longest beginning of the text that fits into so many UTF-8 bytes, in whole code points */
export function cut(text: string, maxBytes: number): string {
  if (maxBytes <= 0) return ''
  // A UTF-16 unit takes at least one byte, so nothing beyond this can fit.
  const candidate = Buffer.from(text.slice(0, maxBytes))
  let end = Math.min(candidate.length, maxBytes)
  while (end > 0 && isContinuation(candidate[end])) end -= 1
  return candidate.toString('utf8', 0, end)
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

/** Longer than any name, and than the ids into which routers pack whole addresses. */
const maxNameLength = 512

/** @returns the name or id, repaired and of a bounded length; undefined where there is none */
export function nameOf(told: unknown): string | undefined {
  if (typeof told !== 'string' || told === '') return undefined
  return wellFormed(told.length > maxNameLength ? cut(told, maxNameLength) : told)
}

/** Half a surrogate pair becomes U+FFFD: such a text is no UTF-8, and databases refuse it. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed()
}
