import { displayWidth } from './text-width.ts'

/**
 * Breaks a text between words. A word that is wider than a line stays whole: addresses are there to be copied.
 * @param width of the terminal in columns, Infinity for no limit
 * @param indent of every line but the first
 * @returns lines without line ends
 */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  if (width === Number.POSITIVE_INFINITY) return [text]
  const [first = '', ...words] = text.split(' ')
  const lines: string[] = []
  let line = first
  // Summed up: a line that is measured again with each word takes minutes for a long text.
  let used = displayWidth(first)
  let isBlank = first === ''
  for (const word of words) {
    const more = displayWidth(word)
    if (isBlank || used + 1 + more <= width) {
      line = `${line} ${word}`
      used += 1 + more
      isBlank &&= word === ''
    } else {
      lines.push(line)
      line = `${indent}${word}`
      used = displayWidth(indent) + more
    }
  }
  return [...lines, line]
}
