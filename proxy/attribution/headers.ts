import type { IncomingHttpHeaders } from 'node:http'
import { type Said, saidBy } from './attributes.ts'
import { type Found, tellingsOf } from './meaning.ts'
import { knownHeader } from './names/known-headers.ts'

/** What a call's headers say: under the contract's own names, and under those of other tools. */
export type HeaderSaid = { readonly own: Said; readonly foreign: Said }

type RankedFound = Found & { readonly own: boolean; readonly rank: number }

/** Reads the tagging headers of a call, in either spelling. Empty ones count as absent. */
export function readHeaders(headers: IncomingHttpHeaders): HeaderSaid {
  const found: RankedFound[] = []
  for (const name in headers) {
    const hit = knownHeader(name)
    const text = headers[name]
    if (hit === undefined || typeof text !== 'string' || text === '') continue
    const { meaning, family } = hit.named
    found.push({
      meaning,
      text: decode(text),
      from: name.replaceAll('_', '-'),
      rest: hit.rest,
      members: family.members,
      own: family.own === true,
      // Of both spellings of one name the hyphens go first.
      rank: hit.rank + (name.includes('_') ? 0.5 : 0),
    })
  }
  if (found.length === 0) return nothingSaid
  found.sort((a, b) => a.rank - b.rank)
  const [own, foreign] = [true, false].map((whose) =>
    saidBy(found.filter((one) => one.own === whose).flatMap(tellingsOf)),
  ) as [Said, Said]
  return { own, foreign }
}

const nothingSaid: HeaderSaid = { own: {}, foreign: {} }

const beyondAscii = /[\x80-\xff]/

/** Node hands header bytes over as Latin-1; clients that send other characters send UTF-8. */
function decode(value: string): string {
  if (!beyondAscii.test(value)) return value
  const text = Buffer.from(value, 'latin1').toString('utf8')
  return text.includes('\uFFFD') ? value : text
}
