import type { Json } from '../../shared/json.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { ToolSpan } from '../../shared/record/run.ts'
import type { Capture } from '../observe/capture/capture.ts'
import { captureInput } from '../observe/capture/content.ts'
import { jsonSize } from '../observe/capture/json-size.ts'

/** Applies CAPTURE_CONTENT and CAPTURE_MAX_BYTES to what tools were called with and returned, all of a call together. */
export function captureToolSpans(
  spans: readonly ToolSpan[],
  { content, maxBytes }: Capture,
): readonly ToolSpan[] {
  let left = maxBytes
  function captured(value: Json | undefined): Json | undefined {
    const kept = captureInput(value, { content, maxBytes: Math.max(left, 0) })
    if (kept !== undefined && content === 'full') left -= jsonSize(kept)
    return kept
  }
  return spans.map(({ arguments: args, result, ...span }) => ({
    ...span,
    ...omitUndefined({
      arguments: captured(content === 'lengths' ? asText(args) : args),
      result: captured(result),
    }),
  }))
}

/** Arguments as one text, so that only its length is kept: field names and numbers would stay otherwise. */
const asText = (args: Json | undefined): Json | undefined =>
  args === undefined || typeof args === 'string' ? args : JSON.stringify(args)
