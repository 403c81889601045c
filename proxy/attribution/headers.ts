import type { IncomingHttpHeaders } from 'node:http'
import { type Attributes, mergeFields } from './attributes.ts'
import { type Found, sourcedFields } from './meaning.ts'
import { knownHeader } from './names/known-headers.ts'

/** What a call's headers say: under the contract's own names, and under those of other tools. */
export type HeaderAttributes = { readonly own: Attributes; readonly foreign: Attributes }

type RankedFound = Found & { readonly own: boolean; readonly rank: number }

/** Reads the tagging headers of a call, in either spelling. Empty ones count as absent. */
export function readHeaders(headers: IncomingHttpHeaders): HeaderAttributes {
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
  if (found.length === 0) return noAttributes
  found.sort((a, b) => a.rank - b.rank)
  const [own, foreign] = [true, false].map((whose) =>
    mergeFields(found.filter((one) => one.own === whose).flatMap(sourcedFields)),
  ) as [Attributes, Attributes]
  return { own, foreign }
}

const noAttributes: HeaderAttributes = { own: {}, foreign: {} }

const beyondAscii = /[\x80-\xff]/

/** Node hands header bytes over as Latin-1; clients that send other characters send UTF-8. */
function decode(value: string): string {
  if (!beyondAscii.test(value)) return value
  const text = Buffer.from(value, 'latin1').toString('utf8')
  return text.includes('\uFFFD') ? value : text
}
