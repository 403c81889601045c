import type { ServerResponse } from 'node:http'
import { pairs, type ResponseHead } from './headers.ts'

/**
 * Passes on an answer that comes before the answer, as a proxy must (RFC 9110 §15.2): 102, and 103 with its links,
 * which are those that Node can write. HTTP/1.0 does not know them.
 */
export function forwardInformational(outgoing: ServerResponse, status: number, head: ResponseHead): void {
  if (outgoing.req.httpVersion === '1.0') return
  if (status === 102) outgoing.writeProcessing()
  if (status === 103) writeLinks(outgoing, linksOf(head))
}

const linksOf = ({ fields }: ResponseHead): string[] =>
  pairs(fields).flatMap(([name, value]) => (name.toLowerCase() === 'link' ? value.split(/,\s*(?=<)/) : []))

function writeLinks(outgoing: ServerResponse, link: string[]): void {
  try {
    outgoing.writeEarlyHints({ link })
  } catch {
    // Node takes it for no link. It was a hint, and the answer itself is still to come.
  }
}
