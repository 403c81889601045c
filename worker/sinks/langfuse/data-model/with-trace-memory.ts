import type { Send } from '../../sink.ts'
import type { TraceMemory } from './trace-memory.ts'

/** Remembers the traces of a batch before any of its records is mapped, so that all of them say the same of a trace. */
export function withTraceMemory(memory: TraceMemory, send: Send): Send {
  return (batch, signal) => {
    memory.observe(batch)
    return send(batch, signal)
  }
}
