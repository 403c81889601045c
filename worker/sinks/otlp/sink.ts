import type { Dispatcher } from 'undici'
import type { Clock } from '../../../shared/clock.ts'
import { mappedSink } from '../mapped.ts'
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

/** @returns the sink for any OpenTelemetry back end that takes OTLP over HTTP as JSON */
export function otlpSink({ endpoint, headers, clock, context, dispatcher }: OtlpSettings): Sink {
  const transport = otlpTransport({
    url: endpoint.endsWith('/v1/traces') ? endpoint : `${endpoint}/v1/traces`,
    headers,
    origin: otlpOrigin(context),
    clock,
    ...(dispatcher === undefined ? {} : { dispatcher }),
  })
  return { name: 'otlp', send: mappedSink(toGenAiSpans, transport) }
}
