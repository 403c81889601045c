import { isJsonObject, type JsonObject, parseJson } from '../../../shared/json.ts'

/** Enough for any usage object with all its details. */
export const maxTailBytes = 4_096

/** The last bytes of a body of any length. */
export type Tail = { add(chunk: Buffer): void; text(): string }

export function createTail(): Tail {
  let kept = Buffer.alloc(0)
  return {
    add(chunk) {
      kept = Buffer.concat([kept, chunk.subarray(-maxTailBytes)]).subarray(-maxTailBytes)
    },
    text: () => kept.toString('utf8'),
  }
}

/**
 * Reads id, model and usage from a JSON body of which only the beginning and the end were kept: fifty embeddings
 * are such a body, and their usage comes after them. A name inside a text has its quotes escaped, and so is not
 * mistaken for a field.
 */
export function fieldsOfTruncatedJson(beginning: string, end: string): JsonObject {
  const fields: Record<string, string | JsonObject> = {}
  const usage = lastObject(end, /"usage"\s*:\s*(?=\{)/g)
  if (usage !== undefined) fields.usage = usage
  for (const name of ['id', 'model']) {
    const pattern = new RegExp(`^\\s*\\{(?:[^{}[\\]]*,)?\\s*"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`)
    const value = parseJson(pattern.exec(beginning)?.[1] ?? '') ?? lastText(end, name)
    if (typeof value === 'string') fields[name] = value
  }
  return fields
}

/** The field where it follows the last list: `...]}], "model": "...", "usage": {...}}`. */
function lastText(end: string, name: string): unknown {
  const afterLists = end.slice(end.lastIndexOf(']') + 1)
  const value = new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`).exec(afterLists)?.[1]
  return value === undefined ? undefined : parseJson(value)
}

/** The object after the last match of `name`. */
function lastObject(text: string, name: RegExp): JsonObject | undefined {
  const last = [...text.matchAll(name)].at(-1)
  if (last === undefined) return undefined
  const start = last.index + last[0].length
  for (let end = text.indexOf('}', start); end !== -1; end = text.indexOf('}', end + 1)) {
    const value = parseJson(text.slice(start, end + 1))
    if (isJsonObject(value)) return value
  }
  return undefined
}
