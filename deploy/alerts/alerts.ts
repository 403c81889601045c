import type { Alert } from './alert.ts'
import { callAlerts } from './calls.ts'
import { processAlerts } from './processes.ts'
import { recordAlerts } from './records.ts'

/** All of them, in the order of the runbooks. */
export const alerts: readonly Alert[] = [...recordAlerts, ...processAlerts, ...callAlerts]
