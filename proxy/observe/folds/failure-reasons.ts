import type { Json } from '../../../shared/json.ts'
import type { CallError } from '../../../shared/record/record.ts'

/**
 * Finish reasons after which the answer is not what was asked for: vLLM and SGLang end aborted requests so, DeepSeek
 * those that it has no room for, Zhipu those whose connection broke, Gemini tool calls that it could not write.
 */
const failures: ReadonlySet<string> = new Set([
  ...['error', 'abort', 'aborted', 'cancelled', 'canceled', 'failed', 'failure', 'exception', 'timeout'],
  ...['network_error', 'server_error', 'internal_error', 'insufficient_system_resource', 'engine_error'],
  ...['malformed_function_call', 'malformed_tool_call', 'unexpected_tool_call'],
])

/** @returns the finish reason in lower case where it means that the response failed */
export function failureReason(reason: Json | undefined): string | undefined {
  if (typeof reason !== 'string' || reason === 'stop') return undefined
  const name = reason.toLowerCase()
  return failures.has(name) ? name : undefined
}

/** True for the type of an error that a finish reason has told. */
export const isFailureReason = (type: string): boolean => failures.has(type)

export const finishedWith = (reason: string): CallError => ({
  type: reason,
  message: `The model stopped with the finish reason "${reason}"`,
})
