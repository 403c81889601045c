// Event types of the Responses API by family (https://platform.openai.com/docs/api-reference/responses-streaming).
// `response.output_item.done` and the terminal event repeat what most of them carry, so they only have to be known.

const itemSteps = 'in_progress|completed|failed|incomplete|searching|interpreting|generating|partial_image'

const families: readonly RegExp[] = [
  /^(error|keepalive|ping)$/,
  /^response\.(created|queued|in_progress|completed|incomplete|failed|cancelled)$/,
  /^response\.(output_item|content_part|reasoning_summary_part)\.(added|done)$/,
  /^response\.(output_text|refusal|reasoning_text|reasoning_summary_text|reasoning_summary)\.(delta|done)$/,
  /^response\.output_text\.annotation\.added$/,
  /^response\.(output_)?audio([._]transcript)?\.(delta|done)$/,
  /^response\.(function_call|mcp_call|custom_tool_call)(_arguments|_input)\.(delta|done)$/,
  /^response\.(code_interpreter_call_code|apply_patch_call_operation_diff)\.(delta|done)$/,
  /^response\.shell_call_(command|output_content)\.(added|delta|done)$/,
  new RegExp(`^response\\.\\w+_(call|list_tools)\\.(${itemSteps})$`),
]

/** @returns true for the event types that the API had when this was written */
export function isKnownEventType(type: string): boolean {
  return families.some((family) => family.test(type))
}
