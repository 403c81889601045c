import { percentDecoded } from '../../shared/http/percent-decoded.ts'
import { type Attributes, mergeFields } from './attributes.ts'
import { type Found, sourcedFields } from './meaning.ts'
import { baggageNames } from './names/baggage.ts'
import { indexByName } from './names/index-by-name.ts'

const knownKey = indexByName(
  Object.entries(baggageNames).map(([name, meaning]) => ({ name, meaning })),
  (key) => key.toLowerCase().replaceAll(/[_-]/g, '.'),
)

/**
 * Reads what a W3C `baggage` says of a call: `key=value;property,...`, values percent-encoded.
 * Source: www.w3.org/TR/baggage/#header-content
 */
export function readBaggage(header: string | string[] | undefined): Attributes {
  if (typeof header !== 'string') return {}
  const found: (Found & { readonly rank: number })[] = []
  for (const member of header.split(',')) {
    const at = member.indexOf('=')
    const key = member.slice(0, Math.max(at, 0)).trim()
    const hit = knownKey(key)
    if (hit === undefined) continue
    const [value = ''] = member.slice(at + 1).split(';')
    const { named, rank, rest } = hit
    found.push({
      meaning: named.meaning,
      text: percentDecoded(value.trim()),
      from: `baggage ${key}`,
      rest,
      rank,
    })
  }
  return mergeFields(found.sort((a, b) => a.rank - b.rank).flatMap(sourcedFields))
}
