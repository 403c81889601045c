import type { InferenceRecord } from '../../../shared/record/record.ts'
import { only } from '../only.ts'
import type { Sink } from '../sink.ts'
import type { ValueChange } from './data-model/accepted-values.ts'
import { typeOf } from './data-model/observation.ts'
import { withFittingValues } from './data-model/with-accepted-values.ts'
import { askHealth } from './health.ts'
import { langfuseIngestionSink } from './ingestion/transport.ts'
import type { LangfuseTarget } from './otlp/transport.ts'
import { langfuseOtlpSink } from './otlp/transport.ts'
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
