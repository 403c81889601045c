import type { InferenceRecord } from '../../../shared/record/record.ts'
import { langfuseIngestionSink } from '../langfuse-ingestion/transport.ts'
import { withFittingValues } from '../langfuse-model/fitting.ts'
import { typeOf } from '../langfuse-model/observation.ts'
import type { ValueChange } from '../langfuse-model/values.ts'
import type { LangfuseTarget } from '../langfuse-otlp/transport.ts'
import { langfuseOtlpSink } from '../langfuse-otlp/transport.ts'
import { only } from '../only.ts'
import type { Sink } from '../sink.ts'
import { askHealth } from './health.ts'
import { type Protocol, withProtocol } from './protocol.ts'

/**
 * @param changed told of values that were made fit for Langfuse
 * @returns the Langfuse sink, over whichever protocol the server speaks or the settings ask for
 */
export function langfuseSink(
  target: LangfuseTarget,
  setting: Protocol | 'auto',
  changed: (change: ValueChange) => void,
): Sink {
  const speak = withProtocol({
    setting,
    send: { otlp: langfuseOtlpSink(target), ingestion: langfuseIngestionSink(target) },
    askHealth: (signal) => askHealth(target.baseUrl, signal, target.dispatcher),
  })
  const send = withFittingValues(speak, changed)
  // LANGFUSE_ENABLE_SPANS=false: what would only be a span is not sent.
  const isMore = (record: InferenceRecord) => typeOf(record) !== 'span'
  return { name: 'langfuse', send: target.context.spans ? send : only(isMore, 'spans_off', send) }
}
