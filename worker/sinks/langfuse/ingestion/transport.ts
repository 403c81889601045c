import { type ApiIngestionEvent, Langfuse, type LangfusePublicApi } from 'langfuse'
import type { Clock } from '../../../../shared/timing/clock.ts'
import { connectionFailed, httpVerdict } from '../../http-verdict.ts'
import { mappedSink } from '../../mapped.ts'
import { type DeliveryFault, delivered, failed, forAll, type Send, type Verdict } from '../../sink.ts'
import { sizedRequests } from '../../sized-requests.ts'
import type { LangfuseSettings } from '../data-model/trace.ts'
import type { TraceMemory } from '../data-model/trace-memory.ts'
import { withTraceMemory } from '../data-model/with-trace-memory.ts'
import { toIngestionEvents } from './mapping.ts'

export type LangfuseIngestionTarget = {
  readonly baseUrl: string
  readonly publicKey: string
  readonly secretKey: string
  readonly clock: Clock
  readonly settings: LangfuseSettings
  readonly memory: TraceMemory
}

/** These servers refuse bodies over 4.5 MiB; input and output of a call travel with its trace and its agent too. */
const maxRequestBytes = 4_500_000

type Api = LangfusePublicApi<unknown>['api']

/**
 * Delivers through Langfuse's older API: servers before 3.22. Of the `langfuse` package only the generated
 * client is used; its queue would lose what it holds when the server is down.
 */
export function langfuseIngestion(target: LangfuseIngestionTarget): Send {
  const { baseUrl, publicKey, secretKey, clock, settings, memory } = target
  // `enabled: false` switches the queue off, so that nothing is queued by mistake; the API client still works.
  const { api } = new Langfuse({ baseUrl, publicKey, secretKey, enabled: false })
  return withTraceMemory(
    memory,
    mappedSink(
      (record) => toIngestionEvents(record, memory.groupOf(record), settings),
      sizedRequests(maxRequestBytes, ingestionTransport(api, clock)),
    ),
  )
}

/** The events of one record. */
type Events = readonly ApiIngestionEvent[]

function ingestionTransport(api: Api, clock: Clock) {
  return async (records: readonly Events[], signal: AbortSignal): Promise<readonly Verdict[]> => {
    try {
      const response = await api.ingestionBatch({ batch: records.flat() }, { signal })
      return verdictsOf(records, response.successes, response.errors)
    } catch (cause) {
      if (signal.aborted) throw cause
      return forAll(records, failureOf(cause, clock.now()))
    }
  }
}

type EventResult = {
  readonly id: string
  readonly status: number
  readonly message?: string | null
  readonly error?: unknown
}

/** A record is delivered when all its events are; of several faults the most recoverable one counts. */
function verdictsOf(
  records: readonly Events[],
  successes: readonly EventResult[],
  errors: readonly EventResult[],
): readonly Verdict[] {
  const accepted = new Set(successes.map(({ id }) => id))
  const faults = new Map(errors.map((error) => [error.id, faultOf(error)]))
  return records.map((events) => {
    const found = events.flatMap(({ id }) => (accepted.has(id) ? [] : [faults.get(id) ?? noResult]))
    const fault =
      found.find(({ kind }) => kind === 'held') ?? found.find(({ kind }) => kind === 'retryable') ?? found[0]
    return fault === undefined ? delivered : failed(fault)
  })
}

const noResult: DeliveryFault = { kind: 'retryable', reason: 'the response has no result for an event' }

function faultOf({ status, message, error }: EventResult): DeliveryFault {
  const reason = [message, error]
    .filter((part) => typeof part === 'string')
    .join(': ')
    .slice(0, 300)
  // Version 4 by default accepts only scores here, and rejects every other event with this message.
  if (reason.startsWith('Event type not accepted')) return { kind: 'held', reason, wrongProtocol: true }
  if (status === 401 || status === 403) return { kind: 'held', reason }
  return { kind: status === 429 || status >= 500 ? 'retryable' : 'permanent', reason }
}

/** The client throws the response itself, with what it could parse of the body in `error`. */
function failureOf(cause: unknown, nowMs: number): Verdict {
  if (!(cause instanceof Response)) return connectionFailed(cause)
  const { error } = cause as Response & { error?: unknown }
  const body = error instanceof Error ? cause.statusText : JSON.stringify(error)
  const retryAfter = cause.headers.get('retry-after') ?? undefined
  return httpVerdict({ status: cause.status, retryAfter, body }, nowMs)
}
