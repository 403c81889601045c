/** Ends a truncated text. */
export const truncationMark = (characters: number): string => ` … [${characters} more characters]`

/** @returns how many characters the mark at the end of a text says are missing; undefined where there is none */
export function charactersCutOff(text: string): number | undefined {
  if (!text.endsWith(' more characters]')) return undefined
  const count = / … \[(\d+) more characters\]$/.exec(text.slice(-40))?.[1]
  return count === undefined ? undefined : Number(count)
}

/** @returns the longest prefix that fits into `maxBytes` of UTF-8, in whole code points */
export function truncateText(text: string, maxBytes: number): string {
  if (maxBytes <= 0) return ''
  // A UTF-16 unit takes at least one byte, so nothing beyond this can fit.
  const candidate = Buffer.from(text.slice(0, maxBytes))
  let end = Math.min(candidate.length, maxBytes)
  while (end > 0 && isContinuation(candidate[end])) end -= 1
  return candidate.toString('utf8', 0, end)
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

/** Longer than any name, and than the ids into which routers encode whole addresses. */
const maxNameBytes = 512

/** @returns a name or id, well-formed and of bounded length; undefined where the value is none */
export function boundedName(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  return wellFormed(value.length > maxNameBytes ? truncateText(value, maxNameBytes) : value)
}

/** Replaces lone surrogates by U+FFFD: they have no UTF-8 form, and databases refuse them. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed()
}
