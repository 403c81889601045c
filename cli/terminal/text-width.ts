const invisible = /^[\p{Mark}\p{Format}]$/u
const wide =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]$/u

/** Columns that a character takes in a terminal (after Unicode Standard Annex #11, East Asian Width). */
function widthOfCharacter(character: string): number {
  if (character < '\u0300') return 1
  if (invisible.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

/** @returns columns that a line takes in a terminal */
export function widthOf(line: string): number {
  let width = 0
  for (const character of line) width += widthOfCharacter(character)
  return width
}

/** @returns the line if it fits, else its beginning with `…`, in at most `width` columns */
export function cutTo(line: string, width: number): string {
  if (widthOf(line) <= width) return line
  let kept = ''
  let used = 0
  for (const character of line) {
    used += widthOfCharacter(character)
    if (used > width - 1) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

/** What others wrote must not move the cursor, colour the terminal or turn the line around. */
export function harmless(text: string): string {
  return text.replace(/[\s\p{Control}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
}
