import { cutTo, harmless, widthOf } from './text-width.ts'

export type Column<Row> = {
  readonly head: string
  readonly cell: (row: Row) => string
  readonly align?: 'left' | 'right'
  /** Columns at most, in any terminal. */
  readonly max?: number
  /** Gives way where the terminal is narrow. */
  readonly elastic?: boolean
}

const gap = '  '
const leastElasticWidth = 12

/** @param width of the terminal in columns, Infinity where nothing needs to fit */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string {
  const cells = rows.map((row) => columns.map(({ cell, max = Infinity }) => cutTo(harmless(cell(row)), max)))
  const natural = columns.map(({ head }, at) => widest([head, ...cells.map((line) => line[at] ?? '')]))
  const widths = shareOut(columns, natural, width)
  const line = (texts: readonly string[]) =>
    columns
      .map(({ align }, at) => pad(texts[at] ?? '', widths[at] ?? 0, align))
      .join(gap)
      .trimEnd()
  return [columns.map(({ head }) => head), ...cells].map((texts) => `${line(texts)}\n`).join('')
}

/** Elastic columns share evenly what the others leave; one that needs less than its share leaves the rest. */
function shareOut<Row>(columns: readonly Column<Row>[], natural: readonly number[], width: number): number[] {
  const widths = [...natural]
  const isElastic = (at: number) => columns[at]?.elastic === true
  const rigid = widths.reduce((sum, wanted, at) => sum + (isElastic(at) ? 0 : wanted), 0)
  let left = width - rigid - gap.length * (columns.length - 1)
  const narrowestFirst = [...widths.keys()]
    .filter(isElastic)
    .sort((a, b) => (natural[a] ?? 0) - (natural[b] ?? 0))
  for (const [done, at] of narrowestFirst.entries()) {
    const share = Math.max(leastElasticWidth, Math.floor(left / (narrowestFirst.length - done)))
    const given = Math.min(natural[at] ?? 0, share)
    widths[at] = given
    left -= given
  }
  return widths
}

const widest = (texts: readonly string[]): number => Math.max(...texts.map(widthOf))

function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = cutTo(text, width)
  const space = ' '.repeat(Math.max(0, width - widthOf(shown)))
  return align === 'right' ? space + shown : shown + space
}
