import { percentDecoded } from '../../../shared/http/percent-decoded.ts'

/** Redacts segment by segment, each of which may be percent-encoded, and the whole, as a slash may belong to an address. */
export function redactPath(path: string, redact: (text: string) => string): string {
  const segments = path.split('/').map((segment) => {
    const plain = percentDecoded(segment)
    const redacted = redact(plain)
    return redacted === plain ? segment : redacted
  })
  return redact(segments.join('/'))
}
