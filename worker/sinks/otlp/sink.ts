import type { Dispatcher } from 'undici'
import type { InferenceRecord } from '../../../shared/record/record.ts'
import type { Clock } from '../../../shared/timing/clock.ts'
import { withFilter } from '../filter.ts'
import { mappedSink } from '../mapped.ts'
import type { Sink } from '../sink.ts'
import { type OtlpResource, resourceAndScope, toGenAiSpans } from './mapping.ts'
import { tracesRequest } from './traces-request.ts'
import { otlpTransport } from './transport.ts'

export type OtlpSinkOptions = {
  /** OTLP_ENDPOINT: with or without `/v1/traces` at its end. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly resource: OtlpResource
  readonly dispatcher?: Dispatcher
}

/**
 * The sink for any OpenTelemetry back end that accepts OTLP/HTTP with JSON.
 *
 * Records of a trace that its caller does not sample (`traceparent` flags 00) are filtered out, as
 * OpenTelemetry SDKs do with parent-based sampling: the back end has no trace around them. Langfuse gets them
 * all the same, because gateways set that flag on most requests; its own rate is LANGFUSE_SAMPLE_RATE.
 */
export function otlpSink({ endpoint, headers, clock, resource, dispatcher }: OtlpSinkOptions): Sink {
  const transport = otlpTransport({
    ...tracesRequest(endpoint, headers),
    resourceAndScope: resourceAndScope(resource),
    clock,
    ...(dispatcher === undefined ? {} : { dispatcher }),
  })
  return {
    name: 'otlp',
    send: withFilter(isSampled, 'caller_unsampled', mappedSink(toGenAiSpans, transport)),
  }
}

const isSampled = ({ trace }: InferenceRecord): boolean => trace.sampled !== false
