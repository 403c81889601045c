import type { LiveCall } from '../../../admin/live-calls.ts'
import { LiveRow } from './live-row.tsx'

type LiveTableProps = {
  readonly calls: readonly LiveCall[]
  readonly now: number
}

/** Headers of the columns, in the order of the cells of `LiveRow` and of `assets/live-row.js`. */
const columns = [
  ['State'],
  ['Time', 'number'],
  ['Model'],
  ['Thread', 'preview'],
  ['User', 'secondary preview'],
  ['Agent', 'secondary preview'],
  ['Written', 'number'],
  ['First token', 'number secondary'],
  ['Speed', 'number secondary'],
  ['Record'],
  ['Last words', 'last-words'],
] as const

/** The calls in flight as a table. The script adds rows to it, and changes them. */
export function LiveTable({ calls, now }: LiveTableProps) {
  return (
    // Can be scrolled with the keyboard where it is wider than the screen.
    <section class="scroll" tabindex={0} aria-label="Calls in flight">
      <table class="list live">
        <thead>
          <tr>
            {columns.map(([header, look]) => (
              <th scope="col" class={look}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody id="live-rows">
          {calls.map((call) => (
            <LiveRow call={call} now={now} />
          ))}
        </tbody>
      </table>
    </section>
  )
}
