import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { FilterResult } from '../../../shared/record/served.ts'
import { boundedName } from '../capture/text.ts'

/** What the filters of a provider found in prompt and response. */
export type FilterResults = {
  add(event: JsonObject): void
  /** @returns undefined where they found nothing */
  read(): readonly FilterResult[] | undefined
}

/** More than any provider has filters. */
const maxResults = 32

/**
 * Azure's `content_filter_results` of each choice, `prompt_filter_results` of the prompts and `content_filters` of the
 * Responses API; `moderation` of the Responses API; Zhipu's `content_filter`; the flags of MiniMax. Azure repeats them
 * with every chunk, nearly always safe.
 */
export function createFilterResults(): FilterResults {
  const found = new Map<string, FilterResult>()

  function addCategories(of: FilterResult['of'], index: number, categories: Json | undefined): void {
    if (!isJsonObject(categories)) return
    for (const category of Object.keys(categories)) {
      const result = categories[category]
      if (isJsonObject(result) && isFinding(result))
        keep(of, index, category, result.filtered === true, result)
    }
  }

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

  function addPrompts(prompts: readonly Json[]): void {
    for (const [position, prompt] of prompts.entries()) {
      if (!isJsonObject(prompt)) continue
      const index = typeof prompt.prompt_index === 'number' ? prompt.prompt_index : position
      addCategories('prompt', index, prompt.content_filter_results ?? prompt.content_filter_result)
    }
  }

  function addChoices(choices: readonly Json[]): void {
    for (let position = 0; position < choices.length; position += 1) {
      const choice = choices[position]
      if (!isJsonObject(choice) || choice.content_filter_results === undefined) continue
      const index = typeof choice.index === 'number' ? choice.index : position
      addCategories('response', index, choice.content_filter_results)
    }
  }

  function addContentFilters(filters: readonly Json[]): void {
    for (const filter of filters) {
      if (!isJsonObject(filter)) continue
      addCategories(filter.source_type === 'prompt' ? 'prompt' : 'response', 0, filter.content_filter_results)
    }
  }

  /** Moderation in the response itself: `{input: {results}, output: {results}}`, or without the results. */
  function addModeration(moderation: JsonObject): void {
    for (const [of, side] of [
      ['prompt', moderation.input],
      ['response', moderation.output],
    ] as const) {
      if (!isJsonObject(side)) continue
      const results: readonly Json[] = Array.isArray(side.results) ? side.results : [side]
      for (const [index, result] of results.entries()) {
        const categories = isJsonObject(result) ? result.categories : undefined
        if (!isJsonObject(categories)) continue
        for (const [name, applies] of Object.entries(categories))
          if (applies === true) keep(of, index, name, false)
      }
    }
  }

  /** Zhipu: `level` 0 is the most severe, 3 the least. */
  function addZhipu(entries: readonly Json[]): void {
    for (const [index, entry] of entries.entries()) {
      if (!isJsonObject(entry)) continue
      keep(entry.role === 'assistant' ? 'response' : 'prompt', index, 'content_filter', entry.level === 0, {
        severity: entry.level,
      })
    }
  }

  return {
    add(event) {
      if (Array.isArray(event.choices)) addChoices(event.choices)
      const prompts = event.prompt_filter_results ?? event.prompt_annotations
      if (Array.isArray(prompts)) addPrompts(prompts)
      if (Array.isArray(event.content_filters)) addContentFilters(event.content_filters)
      if (Array.isArray(event.content_filter)) addZhipu(event.content_filter)
      if (isJsonObject(event.moderation)) addModeration(event.moderation)
      if (event.input_sensitive === true) keep('prompt', 0, sensitive(event.input_sensitive_type), true)
      if (event.output_sensitive === true) keep('response', 0, sensitive(event.output_sensitive_type), true)
      const refused = refusedPrompt(event.error)
      if (refused !== undefined) addCategories('prompt', 0, refused)
    },
    read: () => (found.size === 0 ? undefined : [...found.values()]),
  }
}

const isFinding = ({ filtered, detected, severity }: JsonObject): boolean =>
  filtered === true || detected === true || (typeof severity === 'string' && severity !== 'safe')

function severityOf({ severity }: JsonObject): string | undefined {
  return typeof severity === 'number' ? String(severity) : boundedName(severity)
}

/** MiniMax numbers the kinds of what it found. */
const sensitive = (kind: Json | undefined): string =>
  typeof kind === 'number' ? `sensitive_${kind}` : 'sensitive'

/** Azure's error for a prompt that it refuses says which filter refused it. */
function refusedPrompt(error: Json | undefined): Json | undefined {
  const inner = isJsonObject(error) ? (error.innererror ?? error.inner_error) : undefined
  return isJsonObject(inner) ? (inner.content_filter_result ?? inner.content_filter_results) : undefined
}
