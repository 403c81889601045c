import type { Json, JsonObject } from '../../../../shared/json.ts'
import { omitUndefined } from '../../../../shared/omit-undefined.ts'
import type { Choice, Output } from '../../../../shared/record/output.ts'

/** @returns the output in OpenAI's shapes, which Langfuse's pages render */
export function outputOf(output: Output | undefined): Json | undefined {
  if (output === undefined) return undefined
  switch (output.kind) {
    case 'choices':
      return output.choices.length === 1 ? output.choices.map(messageOf)[0] : output.choices.map(messageOf)
    case 'items':
      return output.items
    case 'message':
      return { role: output.role ?? 'assistant', content: output.content }
    case 'text':
      return output.segments === undefined ? output.text : { text: output.text, segments: output.segments }
    case 'json':
      return output.value
    case 'ranking':
      return { count: output.count, best: output.best }
    case 'moderation':
    case 'vectors':
    case 'images':
    case 'media': {
      const { kind, ...summary } = output
      return summary
    }
  }
}

function messageOf(choice: Choice): JsonObject {
  return omitUndefined<Record<string, Json | undefined>>({
    role: choice.role ?? 'assistant',
    content: choice.content ?? null,
    reasoning: choice.reasoning,
    refusal: choice.refusal,
    tool_calls: choice.toolCalls?.map(({ id, name, arguments: args }) =>
      omitUndefined({ id, type: 'function', function: { name, arguments: args } }),
    ),
    audio: choice.audioTranscript === undefined ? undefined : { transcript: choice.audioTranscript },
    annotations: choice.annotations,
    executed_tools: choice.executedTools,
    logprobs: choice.logprobs,
  })
}
