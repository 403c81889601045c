import { percentDecoded } from '../../shared/http/percent-decoded.ts'
import { tenantHeader } from '../crash-journal/tenant-header.ts'
import { redactPath } from '../observe/redact/redact-path.ts'
import { readBegin, writeBegin } from '../tape/messages.ts'
import { redactFields } from './redact-fields.ts'

export type BeginOptions = {
  /** Hashes the client's credentials; absent with STITCH=off. */
  readonly tenantOf?: (credentials: string) => string
  /** REDACT: applied to what the client says of itself. */
  readonly redactId?: (text: string) => string
}

/** @returns writes the beginning of a call as it may stand on disk: with a hash of its credentials, redacted */
export function createBeginWriter({
  tenantOf,
  redactId,
}: BeginOptions): (payload: Buffer, credentials: string) => string {
  let lastCredentials = ''
  let lastTenant = tenantOf?.('') ?? ''

  function tenantWith(credentials: string): string {
    if (credentials !== lastCredentials) {
      lastCredentials = credentials
      lastTenant = tenantOf?.(credentials) ?? ''
    }
    return lastTenant
  }

  return (payload, credentials) => {
    const begin = readBegin(payload)
    const { headers, pathThread, route } = begin
    return writeBegin({
      ...begin,
      route: redactId === undefined ? route : redactPath(route, redactId),
      pathThread:
        redactId === undefined ? pathThread : encodeURIComponent(redactId(percentDecoded(pathThread))),
      headers: [
        ...(redactId === undefined ? headers : redactFields(headers, redactId)),
        tenantHeader,
        tenantWith(credentials),
      ],
    })
  }
}
