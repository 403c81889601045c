import { tenantHeader } from '../crash-journal/tenant-header.ts'

/** The headers of a call as far as they may be looked at, and what tells its tenant from others. */
export type CallerHeaders = {
  /** name, value, ... */
  readonly headers: readonly string[]
  /** Empty where the client sent none. To be hashed, and never to be kept. */
  readonly credentials: string
  /** Their hash, where a crash journal kept it in their place. */
  readonly tenant?: string
}

/** @param recorded name, value, ... as they stand on the tape, or in a crash journal, where the tenant comes last */
export function callerHeaders(recorded: readonly string[], credentials: string): CallerHeaders {
  if (recorded.at(-2) !== tenantHeader) return { headers: recorded, credentials }
  return { headers: recorded.slice(0, -2), credentials, tenant: recorded.at(-1) ?? '' }
}
