import type { Prepare, Send } from '../sinks/sink.ts'

/** Sends what a sink has prepared; what it does not need to prepare is sent at once. */
export function withPreparation(prepare: Prepare | undefined, send: Send): Send {
  if (prepare === undefined) return send
  return async (batch, signal) => send(await prepare(batch, signal), signal)
}
