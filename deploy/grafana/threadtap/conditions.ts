import { oldestAges } from '../../alerts/records.ts'

/** How old the oldest record is, in each place that each process sees. */
export const oldestAge = `{${oldestAges}, namespace=~"$namespace"}`

/** What tells one process from another. */
export const byProcess = ['namespace', 'pod', 'instance'] as const

export const processLegend = byProcess.map((label) => `{{${label}}}`).join(' ')
