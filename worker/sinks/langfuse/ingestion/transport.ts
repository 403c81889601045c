import { type ApiIngestionEvent, Langfuse, type LangfusePublicApi } from 'langfuse'
import type { Clock } from '../../../../shared/timing/clock.ts'
import { unreachable, verdictOf } from '../../http-verdict.ts'
import { mappedSink } from '../../mapped.ts'
import { type Delivery, type DeliveryFault, delivered, failed, forAll, type Send } from '../../sink.ts'
import type { LangfuseTarget } from '../otlp/transport.ts'
import { toIngestionEvents } from './mapping.ts'

type Api = LangfusePublicApi<unknown>['api']

/**
 * Delivers through Langfuse's older API: servers before 3.22. Of the `langfuse` package only the generated
 * client is used; its queue would lose what it holds when the server is away.
 */
export function langfuseIngestionSink({ clock, context, ...target }: LangfuseTarget): Send {
  const { baseUrl, publicKey, secretKey } = target
  // With `enabled: false` nothing can be queued by mistake; the client below it works all the same.
  const { api } = new Langfuse({ baseUrl, publicKey, secretKey, enabled: false })
  return mappedSink((record) => toIngestionEvents(record, context), ingestionTransport(api, clock))
}

/** The events of one record. */
type Events = readonly ApiIngestionEvent[]

function ingestionTransport(api: Api, clock: Clock) {
  return async (records: readonly Events[], signal: AbortSignal): Promise<readonly Delivery[]> => {
    try {
      const answer = await api.ingestionBatch({ batch: records.flat() }, { signal })
      return verdictsOf(records, answer.successes, answer.errors)
    } catch (cause) {
      if (signal.aborted) throw cause
      return forAll(records, failureOf(cause, clock.now()))
    }
  }
}

type EventAnswer = {
  readonly id: string
  readonly status: number
  readonly message?: string | null
  readonly error?: unknown
}

/** A record has arrived when each of its events has; of several faults the one that can be mended counts. */
function verdictsOf(
  records: readonly Events[],
  successes: readonly EventAnswer[],
  errors: readonly EventAnswer[],
): readonly Delivery[] {
  const taken = new Set(successes.map(({ id }) => id))
  const faults = new Map(errors.map((error) => [error.id, faultOf(error)]))
  return records.map((events) => {
    const found = events.flatMap(({ id }) => (taken.has(id) ? [] : [faults.get(id) ?? unanswered]))
    const fault =
      found.find(({ kind }) => kind === 'held') ?? found.find(({ kind }) => kind === 'retryable') ?? found[0]
    return fault === undefined ? delivered : failed(fault)
  })
}

const unanswered: DeliveryFault = { kind: 'retryable', reason: 'an event was not answered for' }

function faultOf({ status, message, error }: EventAnswer): DeliveryFault {
  const reason = [message, error]
    .filter((part) => typeof part === 'string')
    .join(': ')
    .slice(0, 300)
  // Version 4 by default takes only scores here, and says so for each event.
  if (reason.startsWith('Event type not accepted')) return { kind: 'held', reason, wrongProtocol: true }
  if (status === 401 || status === 403) return { kind: 'held', reason }
  return { kind: status === 429 || status >= 500 ? 'retryable' : 'permanent', reason }
}

/** The client throws the response itself, with what it could read of the body in `error`. */
function failureOf(cause: unknown, nowMs: number): Delivery {
  if (!(cause instanceof Response)) return unreachable(cause)
  const { error } = cause as Response & { error?: unknown }
  const text = error instanceof Error ? cause.statusText : JSON.stringify(error)
  const retryAfter = cause.headers.get('retry-after') ?? undefined
  return verdictOf({ status: cause.status, retryAfter, text }, nowMs)
}
