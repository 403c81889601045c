import type { Report } from './run.ts'

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

/** Summary of a run, for people. */
export function reportText({ cases, failed, reached, expected, ledger, memory, problems }: Report): string {
  const { startBytes, peakBytes, endBytes, growth } = memory
  const lines = [
    `calls      ${cases}, ${failed} failed; ${reached} reached the upstream`,
    `records    ${ledger?.accepted ?? 'unknown'} accepted, ${expected.join(' to ')} expected; ${JSON.stringify(ledger)}`,
    `memory     ${megabytes(startBytes)} warm, ${megabytes(peakBytes)} at most, ${megabytes(endBytes)} at the end: ${growth.toFixed(2)}×`,
    ...problems,
    failed === 0 && problems.length === 0 ? 'all is well' : 'something is wrong',
  ]
  return lines.join('\n')
}
