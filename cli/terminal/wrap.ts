import { displayWidth } from './text-width.ts'

/**
 * Breaks a text between words. A word that is wider than a line stays whole: addresses are there to be copied.
 * @param width of the terminal in columns, Infinity for no limit
 * @param indent of every line but the first
 * @returns lines without line ends
 */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const [first = '', ...words] = text.split(' ')
  const lines: string[] = []
  let line = first
  for (const word of words) {
    const longer = `${line} ${word}`
    if (line.trim() === '' || displayWidth(longer) <= width) line = longer
    else {
      lines.push(line)
      line = `${indent}${word}`
    }
  }
  return [...lines, line]
}
