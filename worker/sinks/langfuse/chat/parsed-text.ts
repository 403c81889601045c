import { isJsonObject, type Json, parseJson } from '../../../../shared/json.ts'

// Langfuse's page parses every string that is JSON, numbers apart, or a list or dict as Python prints it, before it checks
// the schemas (packages/shared/src/utils/json.ts, 4.16.0).

/**
 * True for a text that its page would show as something else, or not at all, as the content of a message: a boolean, a null,
 * what is empty, and parts or messages of one of the frameworks that it knows.
 */
export function isMisread(text: string): boolean {
  const parsed = parsedByPage(text)
  if (parsed === undefined) return false
  if (typeof parsed === 'string') return parsed.trim() === ''
  if (Array.isArray(parsed)) return parsed.every((item: Json) => isJsonObject(item) && 'type' in item)
  if (!isJsonObject(parsed)) return true
  return Object.keys(parsed).length === 0 || Array.isArray(parsed.parts)
}

/** What a message of Langfuse's schema has, whose types a tool's result does not know. */
const messageKeys = [
  'role',
  'name',
  'content',
  'audio',
  'type',
  'tools',
  'tool_calls',
  'tool_call_id',
  'additional_kwargs',
  'thinking',
  'redacted_thinking',
]

/** True for an object with a key of a message: the result of a tool is laid over its message, and a null breaks it. */
export function overwritesMessage(text: string): boolean {
  const parsed = parsedByPage(text)
  return isJsonObject(parsed) && messageKeys.some((key) => Object.hasOwn(parsed, key))
}

/** @returns a name, role or id, which would hide the whole side as anything but a text */
export const keptName = (name: string): string =>
  parsedByPage(name) === undefined ? name : `${name.trim()}()`

/** @returns the text, as a block of code where it would otherwise become an object in a place for text alone */
export function keptText(text: string): string {
  if (parsedByPage(text) === undefined) return text
  return `\`\`\`${parseJson(text) === undefined ? 'python' : 'json'}\n${text}\n\`\`\``
}

/** @returns what becomes of a text; undefined where it stays one */
function parsedByPage(text: string): Json | undefined {
  if (!/^\s*["[{tfn]/.test(text)) return undefined
  const parsed = parseJson(text)
  return parsed === undefined ? parsedPython(text) : parsed
}

/** As the page does it: quotes and names are replaced wherever they stand, so that most texts with an apostrophe are none. */
function parsedPython(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text) || !text.includes("'")) return undefined
  const replaced = text
    .replace(/\bTrue\b/g, 'true')
    .replace(/\bFalse\b/g, 'false')
    .replace(/\bNone\b/g, 'null')
  return parseJson(replaced.replaceAll("'", '"'))
}
