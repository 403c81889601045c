import type { Child } from 'hono/jsx'

/** One column of a list. */
export type Column<Row> = {
  readonly header: string
  readonly cell: (row: Row) => Child
  readonly align?: 'number'
  /** Left out where the screen is narrow: the page that the row leads to has it. */
  readonly isSecondary?: true
  /** A name of any length: its beginning is shown. */
  readonly isName?: true
  /** Takes what room there is. */
  readonly isWide?: true
  /** A text of any length: one line of it is shown. */
  readonly isPreview?: true
}

type ListProps<Row> = {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
}

/** A table of summaries; the first cell of each row leads to the whole. */
export function List<Row>({ label, columns, rows }: ListProps<Row>) {
  return (
    // Can be scrolled with the keyboard where it is wider than the screen.
    <section class="scroll" tabindex={0} aria-label={label}>
      <table class="list">
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" class={classOf(column)}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {columns.map((column) => (
                <td class={classOf(column)}>
                  <bdi>{column.cell(row)}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function classOf<Row>(column: Column<Row>): string | undefined {
  const { align, isSecondary, isPreview, isName, isWide } = column
  const names = [
    align,
    isSecondary && 'secondary',
    isPreview && 'preview',
    isName && 'name',
    isWide && 'wide',
  ].filter(Boolean)
  return names.length === 0 ? undefined : names.join(' ')
}
