import type { Dispatcher } from 'undici'
import type { InferenceRecord } from '../../../shared/record/record.ts'
import type { Clock } from '../../../shared/timing/clock.ts'
import { mappedSink } from '../mapped.ts'
import { only } from '../only.ts'
import type { Sink } from '../sink.ts'
import { type OtlpContext, otlpOrigin, toGenAiSpans } from './mapping.ts'
import { otlpTransport } from './transport.ts'

export type OtlpSettings = {
  /** OTLP_ENDPOINT: with or without `/v1/traces` at its end. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly context: OtlpContext
  readonly dispatcher?: Dispatcher
}

/**
 * The sink for any OpenTelemetry back end that takes OTLP over HTTP as JSON.
 *
 * Such a back end has no trace around spans whose caller was told not to record it (`traceparent`
 * flags 00), so it does not get them: parent-based sampling, as OpenTelemetry's SDKs do it. Langfuse gets them all the same, because
 * gateways set that flag on most requests; its own rate is LANGFUSE_SAMPLE_RATE.
 */
export function otlpSink({ endpoint, headers, clock, context, dispatcher }: OtlpSettings): Sink {
  const transport = otlpTransport({
    url: endpoint.endsWith('/v1/traces') ? endpoint : `${endpoint}/v1/traces`,
    headers,
    origin: otlpOrigin(context),
    clock,
    ...(dispatcher === undefined ? {} : { dispatcher }),
  })
  return { name: 'otlp', send: only(isSampled, 'caller_unsampled', mappedSink(toGenAiSpans, transport)) }
}

const isSampled = ({ trace }: InferenceRecord): boolean => trace.sampled !== false
