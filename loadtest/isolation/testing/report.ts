import type { Level, LevelResult } from './level.ts'

const columns = ['calls', 'carrier', 'sink', 'callers', 'at once', 'completed', 'cut', 'left', 'registered']
const lastColumns = ['accepted', 'delivered', 'records', 'mismatches']
const widths = [...columns, ...lastColumns].map((name) => Math.max(name.length, 9))

const line = (cells: readonly (string | number)[]): string =>
  cells.map((cell, at) => String(cell).padStart(widths[at] ?? 0)).join('  ')

export const heading = (): string => line([...columns, ...lastColumns])

/** One line of the table. */
export function rowOf(
  { calls, carrier, sink, callers }: Pick<Level, 'calls' | 'sink' | 'callers'> & { readonly carrier: string },
  { mostAtOnce, outcomes, registered, ledger, records, mismatches }: LevelResult,
): string {
  const { completed, cut, left } = outcomes
  return line([
    ...[calls, carrier, sink, callers, mostAtOnce, completed, cut, left, registered ?? 'skipped'],
    ...[ledger.accepted, ledger.delivered, records, mismatches.length],
  ])
}

/** @returns everything that is wrong, in full; '' where nothing is */
export function wrongIn({ mismatches, ledger, records, outcomes }: LevelResult): string {
  const { accepted, delivered } = ledger
  const lines = mismatches.map(
    ({ word, what, evidence }) => `${word}: ${what}\n  ${JSON.stringify(evidence)}`,
  )
  if (delivered !== accepted || records !== delivered || !ledger.adds_up) {
    lines.push(`${records} records at the sink: ${JSON.stringify(ledger)}`)
  }
  if (outcomes.refused > 0) lines.push(`${outcomes.refused} calls were refused`)
  return lines.map((text) => `  ${text}\n`).join('')
}
