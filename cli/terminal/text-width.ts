const invisible = /^[\p{Mark}\p{Format}]$/u
const wide =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]$/u

/** Columns a character takes in a terminal (after Unicode Standard Annex #11, East Asian Width). */
function characterWidth(character: string): number {
  if (character < '\u0300') return 1
  if (invisible.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

/** @returns columns a line takes in a terminal */
export function displayWidth(line: string): number {
  let width = 0
  for (const character of line) width += characterWidth(character)
  return width
}

/** @returns the line, truncated with `…` to at most `width` columns */
export function truncateTo(line: string, width: number): string {
  if (displayWidth(line) <= width) return line
  let kept = ''
  let used = 0
  for (const character of line) {
    used += characterWidth(character)
    if (used > width - 1) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

/** Recorded text must not move the cursor, colour the terminal or reverse the line's direction. */
export function sanitize(text: string): string {
  return text.replace(/[\s\p{Control}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
}
