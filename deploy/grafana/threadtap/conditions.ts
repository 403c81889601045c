import { oldestAges } from '../../alerts/records.ts'

/** How old the oldest record is, in each place that each process sees. */
export const oldestAge = `{${oldestAges}, namespace=~"$namespace"}`

/** The labels that identify a process. */
export const byProcess = ['namespace', 'pod', 'instance'] as const

export const processLegend = byProcess.map((label) => `{{${label}}}`).join(' ')
