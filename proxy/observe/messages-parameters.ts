import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { boundedName } from './capture/text.ts'

/** More than the API takes. */
const maxStopSequences = 32

/** Parameters that Anthropic's Messages API has one level deeper, or as a list; none of another API has these names. */
export function messagesParameters(body: JsonObject): JsonObject {
  const { output_config: config, output_format: format, stop_sequences: sequences } = body
  return omitUndefined<Record<string, Json | undefined>>({
    effort: textIn(config, 'effort'),
    response_format:
      textIn(isJsonObject(config) ? config.format : undefined, 'type') ?? textIn(format, 'type'),
    stop_sequences: Array.isArray(sequences) ? boundedList(sequences) : undefined,
  })
}

const boundedList = (texts: readonly Json[]): Json =>
  texts.slice(0, maxStopSequences).flatMap((text) => boundedName(text) ?? [])

const textIn = (parent: Json | undefined, name: string): string | undefined =>
  isJsonObject(parent) ? boundedName(parent[name]) : undefined
