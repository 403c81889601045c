import { displayWidth, sanitize, truncateTo } from './text-width.ts'

export type Column<Row> = {
  readonly header: string
  readonly cell: (row: Row) => string
  readonly align?: 'left' | 'right'
  /** In columns, whatever the width of the terminal. */
  readonly maxWidth?: number
  /** Shrinks when the terminal is narrow. */
  readonly elastic?: boolean
}

const gap = '  '
const minElasticWidth = 12

/** @param width of the terminal in columns, Infinity for no limit */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string {
  const cells = rows.map((row) =>
    columns.map(({ cell, maxWidth = Infinity }) => truncateTo(sanitize(cell(row)), maxWidth)),
  )
  const natural = columns.map(({ header }, at) => widest([header, ...cells.map((line) => line[at] ?? '')]))
  const widths = distributeWidth(columns, natural, width)
  const line = (texts: readonly string[]) =>
    columns
      .map(({ align }, at) => pad(texts[at] ?? '', widths[at] ?? 0, align))
      .join(gap)
      .trimEnd()
  return [columns.map(({ header }) => header), ...cells].map((texts) => `${line(texts)}\n`).join('')
}

/** Elastic columns share the remaining width evenly; what one does not need goes to the others. */
function distributeWidth<Row>(
  columns: readonly Column<Row>[],
  natural: readonly number[],
  width: number,
): number[] {
  const widths = [...natural]
  const isElastic = (at: number) => columns[at]?.elastic === true
  const fixedWidth = widths.reduce((sum, columnWidth, at) => sum + (isElastic(at) ? 0 : columnWidth), 0)
  let remaining = width - fixedWidth - gap.length * (columns.length - 1)
  const narrowestFirst = [...widths.keys()]
    .filter(isElastic)
    .sort((a, b) => (natural[a] ?? 0) - (natural[b] ?? 0))
  for (const [done, at] of narrowestFirst.entries()) {
    const share = Math.max(minElasticWidth, Math.floor(remaining / (narrowestFirst.length - done)))
    const assigned = Math.min(natural[at] ?? 0, share)
    widths[at] = assigned
    remaining -= assigned
  }
  return widths
}

const widest = (texts: readonly string[]): number => Math.max(...texts.map(displayWidth))

function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = truncateTo(text, width)
  const space = ' '.repeat(Math.max(0, width - displayWidth(shown)))
  return align === 'right' ? space + shown : shown + space
}
