import type { Dispatcher } from 'undici'
import type { Clock } from '../../../../shared/timing/clock.ts'
import { mappedSink } from '../../mapped.ts'
import { tracesUrl } from '../../otlp/traces-url.ts'
import { otlpTransport } from '../../otlp/transport.ts'
import type { Send } from '../../sink.ts'
import type { LangfuseSettings } from '../data-model/trace.ts'
import { langfuseResourceAndScope, toLangfuseSpans } from './mapping.ts'

export type LangfuseOtlpTarget = {
  readonly baseUrl: string
  readonly publicKey: string
  readonly authorization: string
  readonly clock: Clock
  readonly settings: LangfuseSettings
  readonly dispatcher?: Dispatcher
}

/** Delivers over OTLP: Langfuse 3.22 and newer, and the only way into version 4. */
export function langfuseOtlp(target: LangfuseOtlpTarget): Send {
  const { baseUrl, publicKey, authorization, clock, settings, dispatcher } = target
  const transport = otlpTransport({
    url: tracesUrl(`${baseUrl}/api/public/otel`),
    headers: {
      authorization,
      // Straight to the new tables; without it Cloud takes up to ten minutes. Ignored before 3.154.
      'x-langfuse-ingestion-version': '4',
      'x-langfuse-sdk-name': 'threadtap',
    },
    resourceAndScope: langfuseResourceAndScope(publicKey),
    clock,
    ...(dispatcher === undefined ? {} : { dispatcher }),
  })
  return mappedSink((record) => toLangfuseSpans(record, settings), transport)
}
