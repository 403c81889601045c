import { charactersCutOff, truncationMark } from '../capture/text.ts'

/** What a pattern may have matched, had the text gone on: the last word, or a number in groups. */
const loose = /(?:[+(]?\d[\d ().-]{0,40}|\S{1,256})\s*$/

/** @returns a text that capture has cut, without its last word: half of an address is not recognized, and still is one */
export function withoutCutEnd(text: string): string {
  const missing = charactersCutOff(text)
  if (missing === undefined) return text
  const kept = text.slice(0, -truncationMark(missing).length)
  const whole = kept.replace(loose, '')
  return whole + truncationMark(missing + kept.length - whole.length)
}
