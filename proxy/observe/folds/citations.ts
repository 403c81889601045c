import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { jsonSize } from '../capture/json-size.ts'

/** The sources of a response that providers list beside its choices. */
export type Citations = {
  add(event: JsonObject): void
  /** @returns undefined where there are none, or more than the allowance holds */
  read(): readonly Json[] | undefined
}

/** By precedence, most detailed first. Perplexity sends the first two, xAI the second, Zhipu the third. */
const citationFields = ['search_results', 'citations', 'web_search'] as const

/** The last list wins: lists are repeated, and grow, from chunk to chunk. */
export function createCitations(allowance: ByteAllowance): Citations {
  let lists: Map<string, readonly Json[]> | undefined

  return {
    add(event) {
      for (const field of citationFields) {
        const list = event[field]
        if (!Array.isArray(list) || list.length === 0) continue
        lists ??= new Map()
        lists.set(field, list)
      }
    },
    read() {
      const field = lists && citationFields.find((name) => lists?.has(name))
      if (lists === undefined || field === undefined) return undefined
      const list = lists.get(field)?.map((source) => annotationOf(field, source))
      return list !== undefined && jsonSize(list) <= allowance.left ? list : undefined
    },
  }
}

/** In the shape of an annotation: a bare URL becomes `{type, url}`. */
function annotationOf(field: string, source: Json): Json {
  const type = field === 'search_results' ? 'search_result' : field === 'citations' ? 'citation' : field
  return isJsonObject(source) ? { type, ...source } : { type, url: source }
}
