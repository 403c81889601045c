import { credentialHeaders } from '../attribution/names/credential-headers.ts'

/** The headers of a call as far as they may be looked at, and the credentials that were among them. */
export type CallerHeaders = {
  /** name, value, ... */
  readonly headers: readonly string[]
  /** Empty where the client sent none. To be hashed, and never to be kept. */
  readonly credentials: string
  /** Their hash, where a crash journal kept it in their place. */
  readonly tenant?: string
}

/** Stands in a crash journal in the place of credentials. No client can send it: it is none of the headers that are recorded. */
export const tenantHeader = 'threadtap-tenant'

const isCredential: ReadonlySet<string> = new Set(credentialHeaders)

/** @param recorded name, value, ...; names in lower case */
export function splitCredentials(recorded: readonly string[]): CallerHeaders {
  const headers: string[] = []
  let credentials = ''
  let tenant: string | undefined
  for (let at = 0; at + 1 < recorded.length; at += 2) {
    const [name, value] = [recorded[at] as string, recorded[at + 1] as string]
    if (isCredential.has(name)) credentials += `${value}\n`
    else if (name === tenantHeader) tenant = value
    else headers.push(name, value)
  }
  return tenant === undefined ? { headers, credentials } : { headers, credentials, tenant }
}
