import { type FailureCode, failures } from './failures.ts'

/** Why a request became no call: a failure of our own, or an end without a response. A closed set: it is a label. */
export type RefusalReason = FailureCode | 'client_left' | 'tls_failed'

/** Those end calls, and are counted with them. */
const isOfCall = (code: FailureCode): boolean => code.startsWith('upstream_')

export const refusalReasons: readonly RefusalReason[] = [
  ...(Object.keys(failures) as FailureCode[]).filter((code) => !isOfCall(code)),
  'client_left',
  'tls_failed',
]
