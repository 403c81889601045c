import type { Dispatcher } from 'undici'
import type { Clock } from '../../../../shared/timing/clock.ts'
import { mappedSink } from '../../mapped.ts'
import { tracesRequest } from '../../otlp/traces-request.ts'
import { otlpTransport } from '../../otlp/transport.ts'
import type { Send } from '../../sink.ts'
import { sizedRequests } from '../../sized-requests.ts'
import type { LangfuseSettings } from '../data-model/trace.ts'
import type { TraceMemory } from '../data-model/trace-memory.ts'
import { withTraceMemory } from '../data-model/with-trace-memory.ts'
import { langfuseResourceAndScope, toLangfuseSpans } from './mapping.ts'

export type LangfuseOtlpTarget = {
  readonly baseUrl: string
  readonly publicKey: string
  readonly authorization: string
  readonly clock: Clock
  readonly settings: LangfuseSettings
  readonly memory: TraceMemory
  readonly dispatcher?: Dispatcher
}

/** Below the 5 MB of Langfuse Cloud; servers of one's own have no limit. The input of an agent's call travels twice. */
const maxRequestBytes = 4_500_000

/** Delivers over OTLP: Langfuse 3.22 and newer, and the only way into version 4. */
export function langfuseOtlp(target: LangfuseOtlpTarget): Send {
  const { baseUrl, publicKey, authorization, clock, settings, memory, dispatcher } = target
  const transport = otlpTransport({
    url: tracesRequest(`${baseUrl}/api/public/otel`, {}).url,
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
  return withTraceMemory(
    memory,
    mappedSink(
      (record) => toLangfuseSpans(record, memory.groupOf(record), settings),
      sizedRequests(maxRequestBytes, transport),
    ),
  )
}
