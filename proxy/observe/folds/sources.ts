import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { sizeOf } from '../capture/size.ts'
import type { Allowance } from '../capture/text.ts'

/** What an answer is founded on, told beside its choices. */
export type Sources = {
  see(event: JsonObject): void
  /** @returns undefined where there are none, or more than the allowance holds */
  read(): readonly Json[] | undefined
}

/** The places of Perplexity, which has both, xAI (the second) and Zhipu (the third). The fullest goes first. */
const places = ['search_results', 'citations', 'web_search'] as const

/** The last list counts: they are repeated, and grow, from chunk to chunk. */
export function createSources(allowance: Allowance): Sources {
  const lists = new Map<string, readonly Json[]>()

  return {
    see(event) {
      for (const place of places) {
        const told = event[place]
        if (Array.isArray(told) && told.length > 0) lists.set(place, told)
      }
    },
    read() {
      const place = places.find((name) => lists.has(name))
      const list =
        place === undefined ? undefined : lists.get(place)?.map((source) => annotationOf(place, source))
      return list !== undefined && sizeOf(list) <= allowance.left ? list : undefined
    },
  }
}

/** As an annotation among others: an address alone becomes `{type, url}`. */
function annotationOf(place: string, source: Json): Json {
  const type = place === 'search_results' ? 'search_result' : place === 'citations' ? 'citation' : place
  return isJsonObject(source) ? { type, ...source } : { type, url: source }
}
