import { isJsonObject, type JsonObject, parseJson } from '../../../shared/json.ts'

/**
 * Reads a body that is one JSON object per line, as servers stream it that do not use events (Ollama).
 * @returns undefined unless there are several, and nothing else; a last line that has been cut off is left out
 */
export function jsonLines(text: string): readonly JsonObject[] | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const objects: JsonObject[] = []
  for (const [at, line] of lines.entries()) {
    const json = parseJson(line)
    if (isJsonObject(json)) objects.push(json)
    else if (at === 0 || at !== lines.length - 1) return undefined
  }
  return lines.length < 2 ? undefined : objects
}
