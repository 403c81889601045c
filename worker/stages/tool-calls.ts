import { LRUCache } from 'lru-cache'
import { askedTools, withAskedTool } from '../../shared/record/asked-tools.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Send } from '../sinks/sink.ts'

export type ToolCallMemory = ReturnType<typeof createToolCallMemory>

/** Of arguments, in characters. When it is full those that were used longest ago go, and their spans have none. */
const maxCharacters = 16_777_216

/**
 * Names and arguments of the tools that responses ask for. Where a client names the response that it goes on from, only
 * the record of that response has them, and what the proxy remembers of it holds no content.
 */
export function createToolCallMemory() {
  const calls = new LRUCache<string, ReturnType<typeof askedTools>>({
    maxSize: maxCharacters,
    sizeCalculation: (asked) => asked.reduce((sum, call) => sum + JSON.stringify(call).length, 1),
  })

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
      return { ...record, toolSpans: toolSpans.map((span) => withAskedTool(span, calls.get(span.askedBy))) }
    },
  }
}

/** Adds names and arguments to spans of tools that were asked for in another record. */
export function withToolCalls(memory: Pick<ToolCallMemory, 'completed'>, send: Send): Send {
  return (batch, signal) => send(batch.map(memory.completed), signal)
}
