import type { ServerResponse } from 'node:http'
import { pairs, type ResponseHead } from './headers.ts'

/**
 * Forwards an informational response, as a proxy must (RFC 9110 §15.2): 102, and 103 with its links, which are
 * those that Node can write. HTTP/1.0 does not know them.
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
    // Node rejects links that do not match its own pattern. A hint may be dropped; the response is still to come.
  }
}
