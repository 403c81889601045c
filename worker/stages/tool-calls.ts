import { LRUCache } from 'lru-cache'
import {
  calledArguments,
  calledName,
  clientCalls,
  parsedArguments,
} from '../../shared/record/client-calls.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { ToolSpan } from '../../shared/record/run.ts'
import type { Send } from '../sinks/sink.ts'

type ToolCall = Required<Pick<ToolSpan, 'callId' | 'name' | 'arguments'>>

export type ToolCallMemory = ReturnType<typeof createToolCallMemory>

/** Of arguments, in characters. When it is full those that were used longest ago go, and their spans have none. */
const maxCharacters = 16_777_216

/**
 * Names and arguments of the tools that responses ask for. Where a client names the response that it goes on from, only
 * the record of that response has them, and what the proxy remembers of it holds no content.
 */
export function createToolCallMemory() {
  const calls = new LRUCache<string, readonly ToolCall[]>({
    maxSize: maxCharacters,
    sizeCalculation: (asked) => asked.reduce((sum, call) => sum + JSON.stringify(call).length, 1),
  })

  function complete(span: ToolSpan): ToolSpan {
    if (span.name !== undefined) return span
    const call = calls.get(span.askedBy)?.find(({ callId }) => callId === span.callId)
    return call === undefined ? span : { ...span, ...call }
  }

  return {
    /** To be called with every record when it comes, before any of those after it is sent. */
    remember(record: InferenceRecord): void {
      const asked = askedTools(record)
      if (asked.length > 0) calls.set(record.id, asked)
    },

    /** @returns the record itself where nothing is missing */
    completed(record: InferenceRecord): InferenceRecord {
      const { toolSpans } = record
      if (toolSpans?.some(({ name }) => name === undefined) !== true) return record
      return { ...record, toolSpans: toolSpans.map(complete) }
    },
  }
}

/** Adds names and arguments to spans of tools that were asked for in another record. */
export function withToolCalls(memory: Pick<ToolCallMemory, 'completed'>, send: Send): Send {
  return (batch, signal) => send(batch.map(memory.completed), signal)
}

/** Only the Responses API lets a client leave out what was asked for. */
function askedTools({ operation, output, content }: InferenceRecord): readonly ToolCall[] {
  if (operation !== 'responses' || output?.kind !== 'items' || content !== undefined) return []
  return clientCalls(output.items).flatMap((item) => {
    const id = item.call_id ?? item.id
    if (typeof id !== 'string') return []
    return [{ callId: id, name: calledName(item), arguments: parsedArguments(calledArguments(item) ?? '') }]
  })
}
