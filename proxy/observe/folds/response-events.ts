// The Responses API's events by family (https://platform.openai.com/docs/api-reference/responses-streaming).
// What most of them say is repeated in `response.output_item.done` and in the terminal event, so being known
// is all they need.

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

/** @returns true for types that the API had when this was written */
export function isKnownEvent(type: string): boolean {
  return families.some((family) => family.test(type))
}
