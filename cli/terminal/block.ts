import { displayWidth, sanitize } from './text-width.ts'
import { wrap } from './wrap.ts'

/** A text of several lines, indented and within the width. Recorded text: see `sanitize`. */
export function block(text: string, width: number, indent: string): string {
  const room = width - displayWidth(indent)
  return text
    .split(/\r\n|[\n\r]/)
    .flatMap((line) => wrap(`${leadingSpaces(line)}${sanitize(line)}`, room))
    .map((line) => `${indent}${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('')
}

const leadingSpaces = (line: string): string => (/^[ \t]*/.exec(line)?.[0] ?? '').replaceAll('\t', '  ')

/** Pairs of label and text, the texts one below the other. Those without a text are left out. */
export function labelled(
  pairs: readonly (readonly [label: string, text: string | undefined])[],
  width: number,
) {
  const shown = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined)
  const labelWidth = Math.max(...shown.map(([label]) => displayWidth(label)))
  const indent = ' '.repeat(labelWidth + 2)
  return shown
    .flatMap(([label, text]) => wrap(`${label.padEnd(labelWidth)}  ${sanitize(text)}`, width, indent))
    .map((line) => `${line}\n`)
    .join('')
}
