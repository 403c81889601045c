import { endOfThinking } from './end-of-thinking.ts'

/**
 * What of a text is compared. `exact`: all but white space, which clients change when they send a text again; `words`:
 * letters and digits, since an answer that was parsed and written again has other quotes and other marks; `steady`:
 * instructions without what changes from call to call, dates, times, and counts.
 */
export type Comparison = 'exact' | 'words' | 'steady'

/** Two texts with the same digest are taken for the same. It is no secret: what leaves this folder is hashed with a key. */
export type TextDigest = {
  /** Characters that were compared, in UTF-16 units. */
  readonly length: number
  readonly digest: string
}

/** Longer texts are compared by length, beginning and end: nothing else distinguishes two of them as cheaply. */
const maxCharacters = 65_536

/**
 * Reads several texts as one, however they are cut, without making another text of them.
 * Two rounds of multiplication by odd constants (as in cyrb53), so that 64 bits tell texts apart.
 */
export function digestOf(texts: readonly string[], comparison: Comparison = 'exact'): TextDigest {
  let [a, b, length] = [0x9e3779b9, 0x85ebca6b, 0]
  for (const text of texts) {
    const [start, skipFrom, skipTo] = partsOf(text)
    for (let at = start; at < text.length; at++) {
      if (at === skipFrom) at = skipTo
      const code = text.charCodeAt(at)
      if (!isCompared(code, comparison)) continue
      a = Math.imul(a ^ code, 0x9e3779b1)
      b = Math.imul(b ^ code, 0x5f356495)
      b = (b << 13) | (b >>> 19)
      length += 1
    }
    if (skipTo > 0) a = Math.imul(a ^ text.length, 0x9e3779b1)
  }
  return { length, digest: `${length}.${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}` }
}

/** @returns where a text begins to count, and what is left out of its middle */
function partsOf(text: string): readonly [start: number, skipFrom: number, skipTo: number] {
  const start = endOfThinking(text)
  if (text.length - start <= maxCharacters) return [start, -1, 0]
  const half = maxCharacters / 2
  return [start, start + half, text.length - half]
}

function isCompared(code: number, comparison: Comparison): boolean {
  if (code < 128) {
    const kind = asciiKinds[code] as Kind
    if (comparison === 'exact') return kind !== 'space'
    return comparison === 'words'
      ? kind === 'letter' || kind === 'digit'
      : kind !== 'space' && kind !== 'digit'
  }
  if (isSpace(code)) return false
  return comparison !== 'words' || !isPunctuation(code)
}

type Kind = 'space' | 'letter' | 'digit' | 'mark'

const asciiKinds: readonly Kind[] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (code <= 32 || code === 127) return 'space'
  return /[a-z]/i.test(character) ? 'letter' : /\d/.test(character) ? 'digit' : 'mark'
})

/** White space beyond ASCII, as `\s` has it. */
const isSpace = (code: number): boolean =>
  code === 0xa0 ||
  code === 0x1680 ||
  (code >= 0x2000 && code <= 0x200a) ||
  code === 0x2028 ||
  code === 0x2029 ||
  code === 0x202f ||
  code === 0x205f ||
  code === 0x3000 ||
  code === 0xfeff

/** Quotes, dashes and marks of Latin, general and CJK punctuation. */
const isPunctuation = (code: number): boolean =>
  (code >= 0xa1 && code <= 0xbf) ||
  (code >= 0x2010 && code <= 0x205e) ||
  (code >= 0x3001 && code <= 0x303f) ||
  (code >= 0xff01 && code <= 0xff0f)
