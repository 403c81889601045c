import type { Dispatcher } from 'undici'
import type { Clock } from '../../../../shared/timing/clock.ts'
import { mappedSink } from '../../mapped.ts'
import { otlpTransport } from '../../otlp/transport.ts'
import type { Send } from '../../sink.ts'
import type { LangfuseContext } from '../data-model/trace.ts'
import { langfuseOrigin, toLangfuseSpans } from './mapping.ts'

/** A Langfuse project and how to speak to it. */
export type LangfuseTarget = {
  readonly baseUrl: string
  readonly publicKey: string
  readonly secretKey: string
  readonly clock: Clock
  readonly context: LangfuseContext
  readonly dispatcher?: Dispatcher
}

/** Delivers over OTLP: Langfuse 3.22 and newer, and the only way into version 4. */
export function langfuseOtlpSink(target: LangfuseTarget): Send {
  const { baseUrl, publicKey, secretKey, clock, context, dispatcher } = target
  const transport = otlpTransport({
    url: `${baseUrl}/api/public/otel/v1/traces`,
    headers: {
      authorization: `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`,
      // Straight to the new tables; without it Cloud takes up to ten minutes. Ignored before 3.154.
      'x-langfuse-ingestion-version': '4',
      'x-langfuse-sdk-name': 'threadtap',
    },
    origin: langfuseOrigin(publicKey),
    clock,
    ...(dispatcher === undefined ? {} : { dispatcher }),
  })
  return mappedSink((record) => toLangfuseSpans(record, context), transport)
}
