import { credentialHeaders } from './attribution/names/credential-headers.ts'
import { knownHeader } from './attribution/names/known-headers.ts'
import { unattributingHeaders } from './attribution/names/unattributing-headers.ts'

export type RecordedHeaders = {
  /** name, value, ...; names in lower case; none of them a credential */
  readonly headers: readonly string[]
  /**
   * The values of those that are, each followed by a line feed. They are read for one purpose, telling tenants apart: the
   * recorder hashes them with a key before anything else sees them (caller-scope.ts).
   */
  readonly credentials: string
}

const isCredential: ReadonlySet<string> = new Set(credentialHeaders)

/** What recording reads of a request beside the headers that attribute it. An allow-list. */
const otherHeaders: ReadonlySet<string> = new Set([...unattributingHeaders, 'traceparent', 'baggage'])

/** Those that mean nothing to us may be keys for other services. */
const attributes = (name: string): boolean => (knownHeader(name)?.entry.meaning ?? 'nothing') !== 'nothing'

/** The spellings that clients send are few, and come again with each call. */
const maxRemembered = 1_000

/** Names by their spelling: in lower case where they are recorded, else empty. Saves five look-ups per header field. */
const recordedNames = new Map<string, string>()

function recordedName(spelling: string): string {
  const known = recordedNames.get(spelling)
  if (known !== undefined) return known
  const name = spelling.toLowerCase()
  const recorded = otherHeaders.has(name) || attributes(name) ? name : ''
  if (recordedNames.size < maxRemembered) recordedNames.set(spelling, recorded)
  return recorded
}

/**
 * @param rawHeaders name, value, ... as the client sent them
 * @returns those that recording reads
 */
export function recordedHeaders(rawHeaders: readonly string[]): RecordedHeaders {
  const headers: string[] = []
  let credentials = ''
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = recordedName(rawHeaders[at] as string)
    if (name === '') continue
    if (isCredential.has(name)) credentials += `${rawHeaders[at + 1]}\n`
    else headers.push(name, rawHeaders[at + 1] as string)
  }
  return { headers, credentials }
}
