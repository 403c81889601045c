import { isJsonObject, parseJson } from '../../../../shared/json.ts'

// Langfuse's page parses every string that is JSON, numbers apart, before it checks the schemas
// (packages/shared/src/utils/json.ts, 4.16.0).

/** True for a text that would become a boolean or nothing, which no content of a message may be. */
export const becomesLiteral = (text: string): boolean => /^\s*(true|false|null)\s*$/.test(text)

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
  const parsed = /^\s*{/.test(text) ? parseJson(text) : undefined
  return isJsonObject(parsed) && messageKeys.some((key) => Object.hasOwn(parsed, key))
}

/** @returns a name, role or id, which would hide the whole side as anything but a text */
export const keptName = (name: string): string => (isParsed(name) ? `${name.trim()}()` : name)

const isParsed = (text: string): boolean => /^\s*["[{tfn]/.test(text) && parseJson(text) !== undefined

/** @returns the text, as a block of code where it would otherwise become an object in a place for text alone */
export function keptText(text: string): string {
  return isParsed(text) ? `\`\`\`json\n${text}\n\`\`\`` : text
}
