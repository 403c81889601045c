import { type FailureCode, failures } from './failures.ts'

/** Why a request reached no upstream: a failure of our own, or an end without a response. A closed set: it is a label. */
export type RefusalReason = FailureCode | 'client_left' | 'tls_failed'

export const refusalReasons: readonly RefusalReason[] = [
  ...(Object.keys(failures) as FailureCode[]),
  'client_left',
  'tls_failed',
]
