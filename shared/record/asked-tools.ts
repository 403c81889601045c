import { calledArguments, calledName, clientCalls, parsedArguments } from './client-calls.ts'
import type { InferenceRecord } from './record.ts'
import type { ToolSpan } from './run.ts'

/**
 * What a response asked its client to run.
 * @returns none where content was not kept; only the Responses API lets a client leave out what was asked for
 */
export function askedTools({
  operation,
  output,
  content,
}: InferenceRecord): readonly Pick<ToolSpan, 'callId' | 'name' | 'arguments'>[] {
  if (operation !== 'responses' || output?.kind !== 'items' || content !== undefined) return []
  return clientCalls(output.items).flatMap((item) => {
    const id = item.call_id ?? item.id
    if (typeof id !== 'string') return []
    return [{ callId: id, name: calledName(item), arguments: parsedArguments(calledArguments(item) ?? '') }]
  })
}

/** @returns the span with the name and arguments that it lacks, where they are among `asked` */
export function withAskedTool(span: ToolSpan, asked: ReturnType<typeof askedTools> | undefined): ToolSpan {
  const call = span.name === undefined ? asked?.find(({ callId }) => callId === span.callId) : undefined
  return call === undefined ? span : { ...span, ...call }
}
