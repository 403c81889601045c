/** Where a delta of the Responses API goes: a field of the item, or of a part in one of the item's lists. */
export type DeltaTarget = {
  readonly itemType: string
  readonly field: string
  readonly part?: { readonly list: PartList; readonly type: string }
}

export type PartList = 'content' | 'summary'

const targets: ReadonlyMap<string, DeltaTarget> = new Map([
  ['response.output_text.delta', inPart('message', 'content', 'output_text', 'text')],
  ['response.refusal.delta', inPart('message', 'content', 'refusal', 'refusal')],
  ['response.audio_transcript.delta', inPart('message', 'content', 'output_audio', 'transcript')],
  ['response.audio.transcript.delta', inPart('message', 'content', 'output_audio', 'transcript')],
  ['response.output_audio_transcript.delta', inPart('message', 'content', 'output_audio', 'transcript')],
  ['response.reasoning_text.delta', inPart('reasoning', 'content', 'reasoning_text', 'text')],
  ['response.reasoning_summary_text.delta', inPart('reasoning', 'summary', 'summary_text', 'text')],
  ['response.function_call_arguments.delta', { itemType: 'function_call', field: 'arguments' }],
  ['response.custom_tool_call_input.delta', { itemType: 'custom_tool_call', field: 'input' }],
  ['response.mcp_call_arguments.delta', { itemType: 'mcp_call', field: 'arguments' }],
  ['response.code_interpreter_call_code.delta', { itemType: 'code_interpreter_call', field: 'code' }],
])

function inPart(itemType: string, list: PartList, type: string, field: string): DeltaTarget {
  return { itemType, field, part: { list, type } }
}

/** @returns undefined for event types that carry no delta of an item */
export const deltaTarget = (eventType: string): DeltaTarget | undefined => targets.get(eventType)
