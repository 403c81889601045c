import { isJsonObject, type Json } from '../../../json.ts'

/**
 * True for a message that Langfuse's page takes for one of the AI SDK, before it looks for OpenAI's
 * (packages/shared/src/utils/chatml/adapters/aisdk.ts, 4.16.0): all parts of its content are calls or all are results of
 * tools. An empty list of parts is that too, and calls beside it are left in a form that its schema refuses.
 */
export function isAiSdk(message: Json): boolean {
  if (!isJsonObject(message) || typeof message.role !== 'string' || !Array.isArray(message.content))
    return false
  const parts: readonly Json[] = message.content
  const areAll = (type: string): boolean =>
    parts.every(
      (part) =>
        isJsonObject(part) &&
        part.type === type &&
        [part.toolCallId, part.toolName].every((text) => typeof text === 'string'),
    )
  return areAll('tool-call') || (message.role === 'tool' && areAll('tool-result'))
}
