import type { LoadResult, Row } from './summary.ts'

/** What recording changes, in per cent of the same calls without it. */
export type Change = {
  readonly subject: Row['subject']
  readonly responseTime: number
  readonly throughput: number
  readonly cpu: number
  readonly memory: number
}

/** @returns nothing where no subject without recording took part */
export function offAgainstOn({ rows }: LoadResult): readonly Change[] {
  const off = rows.find(({ subject }) => subject === 'capture-none')
  if (off === undefined) return []
  const change = (row: Row, of: (row: Row) => number): number => (of(row) / of(off) - 1) * 100
  return rows
    .filter(({ subject }) => subject === 'start' || subject.startsWith('langfuse'))
    .map((row) => ({
      subject: row.subject,
      responseTime: change(row, ({ latency }) => latency[0] ?? 0),
      throughput: change(row, ({ perSecond }) => perSecond),
      cpu: change(row, ({ all }) => all.micros),
      memory: change(row, ({ residentMb }) => residentMb.at(-1) ?? 0),
    }))
}
