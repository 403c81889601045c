import { percentDecoded } from '../../shared/http/percent-decoded.ts'
import { type Attributes, mergeFields, type OnPlaceholder } from './attributes.ts'
import { baggageNames } from './names/baggage.ts'
import { indexByName } from './names/index-by-name.ts'
import { type NamedText, sourcedFields } from './sourced-fields.ts'

const knownKey = indexByName(
  Object.entries(baggageNames).map(([name, meaning]) => ({ name, meaning })),
  (key) => key.toLowerCase().replaceAll(/[_-]/g, '.'),
)

/**
 * Reads the attributes in a W3C `baggage` header: `key=value;property,...`, values percent-encoded.
 * Source: www.w3.org/TR/baggage/#header-content
 */
export function readBaggage(
  header: string | string[] | undefined,
  onPlaceholder?: OnPlaceholder,
): Attributes {
  if (typeof header !== 'string') return {}
  const found: (NamedText & { readonly rank: number })[] = []
  for (const member of header.split(',')) {
    const at = member.indexOf('=')
    const key = member.slice(0, Math.max(at, 0)).trim()
    const match = knownKey(key)
    if (match === undefined) continue
    const [value = ''] = member.slice(at + 1).split(';')
    const { entry, rank, wildcard } = match
    found.push({
      meaning: entry.meaning,
      text: percentDecoded(value.trim()),
      source: `baggage ${key}`,
      wildcard,
      rank,
    })
  }
  return mergeFields(found.sort((a, b) => a.rank - b.rank).flatMap(sourcedFields), onPlaceholder)
}
