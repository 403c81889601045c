import { type Paint, plain, type Style } from './palette.ts'
import { displayWidth, sanitize, truncateTo } from './text-width.ts'

export type Column<Row> = {
  readonly header: string
  readonly cell: (row: Row) => string
  /** Stands before the cell as it is: lines of a tree, whose spaces count. */
  readonly prefix?: (row: Row) => string
  readonly align?: 'left' | 'right'
  /** In columns, whatever the width of the terminal. */
  readonly maxWidth?: number
  /** Shrinks down to so many columns when the terminal is narrow. */
  readonly minWidth?: number
  /** Left out where the terminal is still too narrow; the lowest number goes first. Without one it stays. */
  readonly leftOut?: number
  readonly style?: (row: Row) => Style | undefined
}

const gap = '  '

type Sized<Row> = {
  readonly column: Column<Row>
  readonly cells: readonly string[]
  /** In columns, before anything shrinks. */
  readonly natural: number
}

/** @param width of the terminal in columns, Infinity for no limit */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  paint: Paint = plain,
): string {
  const shown = fitting(
    columns.map((column) => sized(column, rows)),
    width,
  )
  const widths = distributeWidth(shown, width)
  const line = (texts: readonly string[], styleOf: (at: number) => Style | undefined) =>
    texts
      .map((text, at) => ({ style: styleOf(at), text: pad(text, widths[at] ?? 0, shown[at]?.column.align) }))
      .map(({ style, text }, at) => paint(style, at === texts.length - 1 ? text.trimEnd() : text))
      .join(gap)
      .trimEnd()
  const head = line(
    shown.map(({ column }) => column.header),
    () => 'bold',
  )
  const body = rows.map((row, n) =>
    line(
      shown.map(({ cells }) => cells[n] ?? ''),
      (at) => shown[at]?.column.style?.(row),
    ),
  )
  return [head, ...body].map((text) => `${text}\n`).join('')
}

function sized<Row>(column: Column<Row>, rows: readonly Row[]): Sized<Row> {
  const { header, cell, prefix, maxWidth = Number.POSITIVE_INFINITY } = column
  const cells = rows.map((row) => truncateTo(`${prefix?.(row) ?? ''}${sanitize(cell(row))}`, maxWidth))
  return { column, cells, natural: Math.max(...[header, ...cells].map(displayWidth)) }
}

const narrowest = <Row>({ column, natural }: Sized<Row>): number =>
  Math.min(natural, column.minWidth ?? natural)

/** The columns that have room side by side once all that can shrink has shrunk. */
function fitting<Row>(columns: readonly Sized<Row>[], width: number): readonly Sized<Row>[] {
  let shown = columns
  const required = () =>
    shown.reduce((sum, column) => sum + narrowest(column), 0) + gap.length * (shown.length - 1)
  while (required() > width) {
    const [next] = shown
      .filter(({ column }) => column.leftOut !== undefined)
      .sort((a, b) => (a.column.leftOut ?? 0) - (b.column.leftOut ?? 0))
    if (next === undefined) break
    shown = shown.filter((column) => column !== next)
  }
  return shown
}

/** Columns that can shrink share the remaining width evenly; what one does not need goes to the others. */
function distributeWidth<Row>(columns: readonly Sized<Row>[], width: number): readonly number[] {
  const widths = columns.map(narrowest)
  let remaining = width - gap.length * (columns.length - 1) - widths.reduce((sum, used) => sum + used, 0)
  const missing = (at: number): number => (columns[at]?.natural ?? 0) - (widths[at] ?? 0)
  const leastMissingFirst = [...columns.keys()].sort((a, b) => missing(a) - missing(b))
  for (const [done, at] of leastMissingFirst.entries()) {
    const share = Math.floor(remaining / (leastMissingFirst.length - done))
    const more = Math.max(0, Math.min(missing(at), share))
    widths[at] = (widths[at] ?? 0) + more
    remaining -= more
  }
  return widths
}

function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = truncateTo(text, width)
  const space = ' '.repeat(Math.max(0, width - displayWidth(shown)))
  return align === 'right' ? space + shown : shown + space
}
