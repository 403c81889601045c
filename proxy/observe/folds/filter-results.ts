import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { FilterResult } from '../../../shared/record/served.ts'
import { createFilterFindings, type FilterFindings } from './filter-findings.ts'

/** What the filters of a provider found in prompt and response. */
export type FilterResults = {
  add(event: JsonObject): void
  /** @returns undefined where they found nothing */
  read(): readonly FilterResult[] | undefined
}

/**
 * Azure's `content_filter_results` of each choice, `prompt_filter_results` of the prompts and `content_filters` of the
 * Responses API; `moderation` of the Responses API; Zhipu's `content_filter`; the flags of MiniMax. Azure repeats them
 * with every chunk, nearly always safe.
 */
export function createFilterResults(): FilterResults {
  const findings = createFilterFindings()

  return {
    add(event) {
      if (Array.isArray(event.choices)) addChoices(findings, event.choices)
      const prompts = event.prompt_filter_results ?? event.prompt_annotations
      if (Array.isArray(prompts)) addPrompts(findings, prompts)
      if (Array.isArray(event.content_filters)) addContentFilters(findings, event.content_filters)
      if (Array.isArray(event.content_filter)) addZhipu(findings, event.content_filter)
      if (isJsonObject(event.moderation)) addModeration(findings, event.moderation)
      if (event.input_sensitive === true)
        findings.keep('prompt', 0, sensitive(event.input_sensitive_type), true)
      if (event.output_sensitive === true)
        findings.keep('response', 0, sensitive(event.output_sensitive_type), true)
      const refused = refusedPrompt(event.error)
      if (refused !== undefined) findings.addCategories('prompt', 0, refused)
    },
    read: findings.read,
  }
}

function addPrompts(findings: FilterFindings, prompts: readonly Json[]): void {
  for (const [position, prompt] of prompts.entries()) {
    if (!isJsonObject(prompt)) continue
    const index = typeof prompt.prompt_index === 'number' ? prompt.prompt_index : position
    findings.addCategories('prompt', index, prompt.content_filter_results ?? prompt.content_filter_result)
  }
}

function addChoices(findings: FilterFindings, choices: readonly Json[]): void {
  for (let position = 0; position < choices.length; position += 1) {
    const choice = choices[position]
    if (!isJsonObject(choice) || choice.content_filter_results === undefined) continue
    const index = typeof choice.index === 'number' ? choice.index : position
    findings.addCategories('response', index, choice.content_filter_results)
  }
}

function addContentFilters(findings: FilterFindings, filters: readonly Json[]): void {
  for (const filter of filters) {
    if (!isJsonObject(filter)) continue
    const of = filter.source_type === 'prompt' ? 'prompt' : 'response'
    findings.addCategories(of, 0, filter.content_filter_results)
  }
}

/** Moderation in the response itself: `{input: {results}, output: {results}}`, or without the results. */
function addModeration(findings: FilterFindings, moderation: JsonObject): void {
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
        if (applies === true) findings.keep(of, index, name, false)
    }
  }
}

/** Zhipu: `level` 0 is the most severe, 3 the least. */
function addZhipu(findings: FilterFindings, entries: readonly Json[]): void {
  for (const [index, entry] of entries.entries()) {
    if (!isJsonObject(entry)) continue
    const of = entry.role === 'assistant' ? 'response' : 'prompt'
    findings.keep(of, index, 'content_filter', entry.level === 0, { severity: entry.level })
  }
}

/** MiniMax numbers the kinds of what it found. */
const sensitive = (kind: Json | undefined): string =>
  typeof kind === 'number' ? `sensitive_${kind}` : 'sensitive'

/** Azure's error for a prompt that it refuses says which filter refused it. */
function refusedPrompt(error: Json | undefined): Json | undefined {
  const inner = isJsonObject(error) ? (error.innererror ?? error.inner_error) : undefined
  return isJsonObject(inner) ? (inner.content_filter_result ?? inner.content_filter_results) : undefined
}
