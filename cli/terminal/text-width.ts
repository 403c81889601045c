const invisible = /^[\p{Mark}\p{Format}]$/u
const wide =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Tangut}\u2329\u232a\u3000-\u303f\u3190-\u33ff\uff01-\uff60\uffe0-\uffe6]$/u

/** Asks for the picture of a character that is also a letter or sign: 2 columns (Unicode Technical Standard #51). */
const emojiVariation = '\ufe0f'

/** Columns a character takes in a terminal (after Unicode Standard Annex #11, East Asian Width). */
function characterWidth(character: string): number {
  if (character < '\u0300') return 1
  if (invisible.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

let segmenter: Intl.Segmenter | undefined

/** Made when a text needs it: its data take some 3 MB, and a resting process that has printed its banner needs none. */
function segments(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/**
 * Of what a reader takes for one character. Terminals differ in sequences of emoji (families): the most that any of them
 * needs is counted, so that lines are never too long.
 */
function graphemeWidth(grapheme: string): number {
  let width = 0
  for (const character of grapheme) width += characterWidth(character)
  return grapheme.includes(emojiVariation) ? Math.max(width, 2) : width
}

const isAscii = (line: string): boolean => /^[\x20-\x7e]*$/.test(line)

/** @returns columns a line takes in a terminal */
export function displayWidth(line: string): number {
  if (isAscii(line)) return line.length
  let width = 0
  for (const { segment } of segments(line)) width += graphemeWidth(segment)
  return width
}

/** @returns the line, truncated with `…` to at most `width` columns; what belongs together is not taken apart */
export function truncateTo(line: string, width: number): string {
  let kept = ''
  let used = 0
  for (const { segment } of segments(line)) {
    used += graphemeWidth(segment)
    if (used > width) return `${kept.trimEnd()}…`
    // What is kept leaves room for the mark.
    if (used < width) kept += segment
  }
  return line
}

/** Recorded text must not move the cursor, colour the terminal or reverse the line's direction. */
export function sanitize(text: string): string {
  return text.replace(/[\s\p{Control}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
}
