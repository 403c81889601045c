import type { Range } from './ready-sets.ts'

/** How the digits of a number are grouped where others stand beside it: as most cards have it, and American Express and Diners. */
const usualGroups = /^(?=[2-6])(?:\d{13,19}|(?:\d{4} ){3}\d{1,4}(?: \d{1,3})?|\d{4} \d{6} \d{4,5})$/

/**
 * Finds numbers of cards: 13 to 19 digits (ISO/IEC 7812) with a valid check digit.
 * @param match digits, single spaces and hyphens
 */
export function cardsIn(match: string): readonly Range[] {
  if (isCard(match)) return [[0, match.length]]
  const groups = [...match.matchAll(/\d+/g)].map(({ 0: { length }, index }): Range => [index, index + length])
  const found: Range[] = []
  let end = 0
  for (const [at, [start]] of groups.entries()) {
    const card = start < end ? undefined : cardFrom(match, groups.slice(at, at + 5))
    if (card === undefined) continue
    found.push(card)
    end = card[1]
  }
  return found
}

/** @returns the longest one that begins with the first group */
function cardFrom(match: string, groups: readonly Range[]): Range | undefined {
  const start = groups[0]?.[0] ?? 0
  const ends = groups.map(([, end]) => end).reverse()
  const end = ends.find((end) => {
    const text = match.slice(start, end)
    return usualGroups.test(text.replaceAll('-', ' ')) && isCard(text)
  })
  return end === undefined ? undefined : [start, end]
}

/** Luhn's algorithm (ISO/IEC 7812-1, annex B). */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  if (digits.length < 13 || digits.length > 19 || /^(\d)\1*$/.test(digits)) return false
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at])
    const weighted = at % 2 === 0 ? digit : digit * 2
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}
