import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { FilterResult } from '../../../shared/record/served.ts'
import { boundedName } from '../capture/text.ts'

/** The findings of filters, each category once for each prompt or choice. */
export type FilterFindings = {
  /** A finding that something was filtered is not replaced by one that it was not. */
  keep(of: FilterResult['of'], index: number, name: string, filtered: boolean, result?: JsonObject): void
  /** Keeps those of Azure's results by category that found something. */
  addCategories(of: FilterResult['of'], index: number, categories: Json | undefined): void
  /** @returns undefined where there are none */
  read(): readonly FilterResult[] | undefined
}

/** More than any provider has filters. */
const maxResults = 32

export function createFilterFindings(): FilterFindings {
  const found = new Map<string, FilterResult>()

  function keep(
    of: FilterResult['of'],
    index: number,
    name: string,
    filtered: boolean,
    result: JsonObject = {},
  ): void {
    const category = boundedName(name) ?? ''
    const key = `${of} ${index} ${category}`
    if (found.size === maxResults && !found.has(key)) return
    const severity = severityOf(result)
    const before = found.get(key)
    if (before?.filtered && !filtered) return
    found.set(key, { of, index, category, filtered, ...omitUndefined({ severity }) })
  }

  return {
    keep,
    addCategories(of, index, categories) {
      if (!isJsonObject(categories)) return
      for (const category of Object.keys(categories)) {
        const result = categories[category]
        if (isJsonObject(result) && isFinding(result))
          keep(of, index, category, result.filtered === true, result)
      }
    },
    read: () => (found.size === 0 ? undefined : [...found.values()]),
  }
}

const isFinding = ({ filtered, detected, severity }: JsonObject): boolean =>
  filtered === true || detected === true || (typeof severity === 'string' && severity !== 'safe')

function severityOf({ severity }: JsonObject): string | undefined {
  return typeof severity === 'number' ? String(severity) : boundedName(severity)
}
