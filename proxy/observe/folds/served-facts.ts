import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { ServedFacts } from '../../../shared/record/served.ts'
import { boundedName } from '../capture/text.ts'
import { createFilterResults } from './filter-results.ts'

/** Who served a response, at which tier, and what was filtered of it. */
export type ServedFactsReader = {
  add(event: JsonObject): void
  /** @returns undefined where nothing was reported */
  read(): ServedFacts | undefined
}

/**
 * Fields that stand beside the answer, in every event or in one of them; the last value wins, as tiers are `auto`
 * first and as they were served at the end.
 */
export function createServedFacts(): ServedFactsReader {
  let serviceTier: string | undefined
  let speed: string | undefined
  let systemFingerprint: string | undefined
  let servedBy: string | undefined
  let state: string | undefined
  let background: true | undefined
  let finishedAt: number | undefined
  let timings: JsonObject | undefined
  const filters = createFilterResults()

  /** What the Responses API says of a response that it stores. */
  function addStored({ status, background: isBackground, completed_at: seconds }: JsonObject): void {
    state = lastName(status, state)
    if (isBackground === true) background = true
    if (typeof seconds === 'number' && seconds > 0) finishedAt = Math.round(seconds * 1000)
  }

  return {
    add(event) {
      serviceTier = lastName(event.service_tier ?? tierIn(event.usage), serviceTier)
      speed = lastName(event.speed, speed)
      systemFingerprint = lastName(event.system_fingerprint, systemFingerprint)
      servedBy = lastName(event.provider, servedBy)
      if (typeof event.object === 'string') addStored(event)
      if (isJsonObject(event.timings)) timings = event.timings
      else if (isJsonObject(event.time_info)) timings = event.time_info
      filters.add(event)
    },
    read() {
      const facts = omitUndefined({
        serviceTier,
        speed,
        systemFingerprint,
        servedBy,
        state,
        background,
        finishedAt,
        timings: numbersOf(timings),
        filters: filters.read(),
      })
      return Object.keys(facts).length === 0 ? undefined : facts
    },
  }
}

/** The names repeat with every event, so that they are only bounded where they are new. */
const lastName = (value: Json | undefined, known: string | undefined): string | undefined =>
  typeof value !== 'string' || value === known ? known : (boundedName(value) ?? known)

/** Anthropic and Mistral report the tier with the usage. */
const tierIn = (usage: Json | undefined): Json | undefined =>
  isJsonObject(usage) ? usage.service_tier : undefined

/** More than any server measures. */
const maxTimings = 24

/** What llama.cpp (`timings`) and Cerebras (`time_info`) measured. */
function numbersOf(timings: JsonObject | undefined): Readonly<Record<string, number>> | undefined {
  if (timings === undefined) return undefined
  const numbers = Object.entries(timings)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .slice(0, maxTimings)
    .map(([name, value]) => [boundedName(name) ?? '', value] as const)
  return numbers.length === 0 ? undefined : Object.fromEntries(numbers)
}
