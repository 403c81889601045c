import type { TextTrace } from './call-node.ts'
import type { KeyedHash } from './keyed-hash.ts'

/** Shorter texts stand in others by chance. */
const containedMinLength = 40
/** A text that is all of another one may be shorter. */
export const equalMinLength = 16
/** Characters of a text that are searched. */
const maxSearched = 65_536

// A polynomial hash modulo 2^32 that can be moved along a text; what it finds is confirmed by a real one.
const base = 0x01000193
const leaving = power(base, containedMinLength - 1)

function power(of: number, exponent: number): number {
  let result = 1
  for (let n = 0; n < exponent; n++) result = Math.imul(result, of)
  return result
}

function headOf(text: string): number {
  let head = 0
  for (let at = 0; at < containedMinLength; at++) head = (Math.imul(head, base) + text.charCodeAt(at)) | 0
  return head
}

/** @param text comparable, at least `equalMinLength` long */
export const traceOf = (text: string, hash: KeyedHash): TextTrace => ({
  length: text.length,
  head: text.length < containedMinLength ? 0 : headOf(text),
  whole: hash('text', text),
})

/** Finds texts of which only traces are known. */
export type TextSearch = {
  /** True where the searched text is the traced one, or contains it and that is long enough. */
  contains(trace: TextTrace): boolean
  /** True where the searched text is the traced one. */
  isAll(trace: TextTrace): boolean
}

/**
 * @param text comparable
 * @param traces all that will be looked for
 */
export function createTextSearch(text: string, traces: readonly TextTrace[], hash: KeyedHash): TextSearch {
  const whole = hash('text', text)
  const searched = text.slice(0, maxSearched)
  const containable = traces.filter(({ length }) => length >= containedMinLength && length <= searched.length)
  const places = placesOf(searched, new Set(containable.map(({ head }) => head)))
  const isAll = ({ length, whole: wanted }: TextTrace): boolean => length === text.length && wanted === whole
  return {
    isAll,
    contains(trace) {
      const { length, head, whole: wanted } = trace
      if (length === text.length) return isAll(trace)
      return (places.get(head) ?? []).some((at) => hash('text', searched.slice(at, at + length)) === wanted)
    },
  }
}

/** Places that are tried in a text that repeats itself. */
const maxPlaces = 8

/** @returns where `containedMinLength` characters stand that have one of these hashes */
function placesOf(text: string, wanted: ReadonlySet<number>): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>()
  if (wanted.size === 0 || text.length < containedMinLength) return places
  let head = headOf(text)
  for (let at = 0; ; at++) {
    if (wanted.has(head)) {
      const found = places.get(head) ?? []
      if (found.length < maxPlaces) places.set(head, [...found, at])
    }
    const next = at + containedMinLength
    if (next >= text.length) return places
    head = (Math.imul((head - Math.imul(text.charCodeAt(at), leaving)) | 0, base) + text.charCodeAt(next)) | 0
  }
}
