import type { IncomingHttpHeaders } from 'node:http'
import { type Attributes, isId, mergeFields, type OnPlaceholder } from './attributes.ts'
import { knownHeader } from './names/known-headers.ts'
import { type NamedText, sourcedFields } from './sourced-fields.ts'

/** The attributes under threadtap's own header names, and under those of other tools. */
export type HeaderAttributes = { readonly own: Attributes; readonly foreign: Attributes }

type RankedText = NamedText & { readonly rank: number }

/** Reads the attribution headers of a request, in either spelling. Empty ones count as absent. */
export function readHeaders(headers: IncomingHttpHeaders, onPlaceholder?: OnPlaceholder): HeaderAttributes {
  const found: { readonly own: RankedText[]; readonly foreign: RankedText[] } = { own: [], foreign: [] }
  for (const name in headers) {
    const match = knownHeader(name)
    const text = headers[name]
    if (match === undefined || typeof text !== 'string') continue
    const { meaning, family } = match.entry
    if (text === '' && !isId(meaning)) continue
    found[family.own === true ? 'own' : 'foreign'].push({
      meaning,
      text: isId(meaning) ? once(decode(text)) : decode(text),
      source: name.includes('_') ? name.replaceAll('_', '-') : name,
      wildcard: match.wildcard,
      members: family.members,
      // The spelling with hyphens takes precedence over the one with underscores.
      rank: match.rank + (name.includes('_') ? 0.5 : 0),
    })
  }
  return { own: attributesOf(found.own, onPlaceholder), foreign: attributesOf(found.foreign, onPlaceholder) }
}

function attributesOf(found: RankedText[], onPlaceholder?: OnPlaceholder): Attributes {
  if (found.length === 0) return {}
  return mergeFields(found.sort((a, b) => a.rank - b.rank).flatMap(sourcedFields), onPlaceholder)
}

/** `s, s`: a header that was sent twice, where something on the way has joined the two. */
function once(text: string): string {
  if (!text.includes(',')) return text
  const [first = '', ...others] = text.split(',').map((part) => part.trim())
  return others.every((other) => other === first) ? first : text
}

const beyondAscii = /[\x80-\xff]/

/** Node decodes header bytes as Latin-1; clients that send other characters send UTF-8. */
function decode(value: string): string {
  if (!beyondAscii.test(value)) return value
  const text = Buffer.from(value, 'latin1').toString('utf8')
  return text.includes('\uFFFD') ? value : text
}
