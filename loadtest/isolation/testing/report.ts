import type { Level, LevelResult } from './level.ts'

const columns = [
  'calls',
  'carrier',
  'sink',
  'callers',
  'concurrent',
  'completed',
  'truncated',
  'aborted',
  'registered',
]
const lastColumns = ['accepted', 'delivered', 'records', 'mismatches']
const widths = [...columns, ...lastColumns].map((name) => Math.max(name.length, 9))

const line = (cells: readonly (string | number)[]): string =>
  cells.map((cell, at) => String(cell).padStart(widths[at] ?? 0)).join('  ')

export const heading = (): string => line([...columns, ...lastColumns])

/** One line of the table. */
export function rowOf(
  { calls, carrier, sink, callers }: Pick<Level, 'calls' | 'sink' | 'callers'> & { readonly carrier: string },
  { maxConcurrent, outcomes, registered, ledger, records, mismatches }: LevelResult,
): string {
  const { completed, truncated, aborted } = outcomes
  return line([
    ...[calls, carrier, sink, callers, maxConcurrent, completed, truncated, aborted, registered ?? 'skipped'],
    ...[ledger.accepted, ledger.delivered, records, mismatches.length],
  ])
}

/** @returns all problems with their evidence; '' when there is none */
export function problemsText({ mismatches, ledger, records, outcomes }: LevelResult): string {
  const { accepted, delivered } = ledger
  const lines = mismatches.map(
    ({ word, problem, evidence }) => `${word}: ${problem}\n  ${JSON.stringify(evidence)}`,
  )
  if (delivered !== accepted || records !== delivered || !ledger.adds_up) {
    lines.push(`${records} records at the sink: ${JSON.stringify(ledger)}`)
  }
  if (outcomes.rejected > 0) lines.push(`${outcomes.rejected} calls were rejected`)
  return lines.map((text) => `  ${text}\n`).join('')
}
