import { langfuseIngestionSink } from '../langfuse-ingestion/transport.ts'
import type { LangfuseTarget } from '../langfuse-otlp/transport.ts'
import { langfuseOtlpSink } from '../langfuse-otlp/transport.ts'
import type { Sink } from '../sink.ts'
import { askHealth } from './health.ts'
import { type Protocol, withProtocol } from './protocol.ts'
import { withoutSpans } from './without-spans.ts'

/** @returns the Langfuse sink, over whichever protocol the server speaks or the settings ask for */
export function langfuseSink(target: LangfuseTarget, setting: Protocol | 'auto'): Sink {
  const send = withProtocol({
    setting,
    send: { otlp: langfuseOtlpSink(target), ingestion: langfuseIngestionSink(target) },
    askHealth: (signal) => askHealth(target.baseUrl, signal, target.dispatcher),
  })
  return { name: 'langfuse', send: target.context.spans ? send : withoutSpans(send) }
}
