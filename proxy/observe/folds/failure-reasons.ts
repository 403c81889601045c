import type { Json } from '../../../shared/json.ts'
import type { CallError } from '../../../shared/record/record.ts'

/**
 * Finish reasons after which the answer is not what was asked for: vLLM and SGLang end aborted requests so, DeepSeek
 * those that it has no room for, Zhipu those whose connection broke, Gemini tool calls that it could not write; gateways
 * have names of their own, all of these words.
 */
const failures =
  /(?:^|_)(?:error|abort(?:ed)?|cancell?ed|fail(?:ed|ure)|exception|timeout|timed_out|interrupted|disconnected|overloaded|unavailable|rate_limit(?:ed)?|malformed|insufficient|out_of_memory)(?:_|$)|^unexpected_tool_call$/

/** @returns the finish reason in lower case where it means that the response failed */
export function failureReason(reason: Json | undefined): string | undefined {
  if (typeof reason !== 'string' || reason === 'stop') return undefined
  const name = reason.toLowerCase()
  return failures.test(name) ? name : undefined
}

export const finishedWith = (reason: string): CallError => ({
  type: reason,
  message: `The model stopped with the finish reason "${reason}"`,
})

/** True for an error that only a finish reason has told. */
export const isFinishReason = (error: CallError): boolean =>
  error.message === finishedWith(error.type).message
