import { percentDecoded } from '../../shared/http/percent-decoded.ts'
import { tenantHeader } from '../crash-journal/tenant-header.ts'
import { readBegin, writeBegin } from '../tape/messages.ts'

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
    const { headers, pathThread } = begin
    return writeBegin({
      ...begin,
      pathThread:
        redactId === undefined ? pathThread : encodeURIComponent(redactId(percentDecoded(pathThread))),
      headers: [
        ...(redactId === undefined ? headers : redacted(headers, redactId)),
        tenantHeader,
        tenantWith(credentials),
      ],
    })
  }
}

/** In a value that is encoded once more, patterns find nothing. */
const encoded = /%[0-9a-f]{2}|\\u[0-9a-f]{4}/i

/** @returns the fields with their values redacted; without those in which what is to be redacted could not be seen */
function redacted(fields: readonly string[], redact: (text: string) => string): readonly string[] {
  const kept: string[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    // Header fields are bytes; what is redacted in them is text.
    const text = Buffer.from(fields[at + 1] as string, 'latin1').toString('utf8')
    if (!encoded.test(text)) kept.push(fields[at] as string, Buffer.from(redact(text)).toString('latin1'))
  }
  return kept
}
