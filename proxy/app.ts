import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import type { Dispatcher } from 'undici'
import type { Clock } from '../shared/clock.ts'
import { isJsonObject, type Json } from '../shared/json.ts'
import type { InferenceRecord } from '../shared/record/record.ts'
import type { ProxyEvents } from './events.ts'
import { askForUsage } from './ingress/ask-for-usage.ts'
import { type BodyBudget, type RequestBody, readBody, releaseBody } from './ingress/body.ts'
import { openCall, tellIds } from './ingress/call.ts'
import { answerFailure, type Failure } from './ingress/failures.ts'
import { refuseAmbiguous } from './ingress/plain-request.ts'
import type { FindTarget, Target } from './ingress/target.ts'
import type { Attempts } from './observe/attempts.ts'
import type { Capture, ObservedCall } from './observe/call.ts'
import { guarded } from './observe/guarded.ts'
import { observe } from './observe/observer.ts'
import { relay } from './upstream/relay.ts'
import { upstreamRequest } from './upstream/upstream-request.ts'
import type { UsageRefusals } from './upstream/usage-refusals.ts'

export type ProxyParts = {
  readonly findTarget: FindTarget
  readonly dispatcher: Dispatcher
  readonly capture: Capture
  readonly attempts: Attempts
  readonly injectUsage: boolean
  readonly refusals: UsageRefusals
  readonly budget: BodyBudget
  readonly clock: Clock
  readonly events: ProxyEvents
  /** Takes a finished record; neither throws nor waits. */
  readonly accept: (record: InferenceRecord) => void
}

/** The data port's routes. Relayed calls are answered on the raw response, past Hono's. */
export function createApp(parts: ProxyParts): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.all('*', async ({ env }) => {
    await handleCall(env.incoming, env.outgoing, parts)
    return RESPONSE_ALREADY_SENT
  })
  return app
}

/** The whole path of a request, from its first line to the record of its answer. */
async function handleCall(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: ProxyParts,
): Promise<void> {
  const { clock, events, budget } = parts
  const startedAt = clock.now()
  const startedMonotonic = clock.monotonic()

  const target = refuseAmbiguous(incoming) ?? parts.findTarget(incoming.method ?? '', incoming.url ?? '')
  if ('failure' in target) return refuse(outgoing, target.failure, events)

  const body = await readBody(incoming, target.operation, budget).catch(() => undefined)
  if (body === undefined) return events.clientLeftEarly()
  const bodyReadAt = clock.monotonic()

  const json = body.kind === 'held' ? body.json : undefined
  const attempt = parts.attempts.begun(
    openCall(incoming, target, json, { startedAt, startedMonotonic }),
    body.kind === 'held' ? body.bytes : undefined,
  )
  const { call } = attempt
  const asking = askingBody(target, body, parts)
  const request = upstreamRequest(incoming, target.upstream, body, asking)
  const observer = guarded(
    () => observe(call, parts.capture, clock),
    (cause) => events.observerFailed(call.id, cause),
  )

  events.callStarted(bodyReadAt, clock.monotonic())
  relay(
    {
      incoming,
      outgoing,
      upstream: target.upstream,
      path: target.path,
      request,
      ...(asking && { unasked: () => upstreamRequest(incoming, target.upstream, body) }),
      answerFields: tellIds(call),
      observer,
      onRefusal(status) {
        const model = modelOf(json)
        events.usageRefused(target.upstream.name, model)
        // Only an upstream that takes the call without it has refused nothing but the asking.
        if (status < 400) parts.refusals.remember(target.upstream.name, model)
      },
      onEnd(end, cutFrames) {
        releaseBody(body, budget)
        if (cutFrames !== undefined) events.usageAsked(cutFrames)
        const record = observer.finish(end, request.clientBytes())
        attempt.ended(record)
        keepRecord(call, record, parts)
      },
    },
    parts.dispatcher,
  )
}

/** @returns the body that asks for usage, where we may ask; a compressed one is left alone */
function askingBody(
  { operation, upstream }: Target,
  body: RequestBody,
  { injectUsage, refusals }: ProxyParts,
): Buffer | undefined {
  if (!injectUsage || body.kind !== 'held' || body.encoded) return undefined
  if (refusals.has(upstream.name, modelOf(body.json))) return undefined
  return askForUsage(operation, body.bytes, body.json)
}

const modelOf = (body: Json | undefined): string =>
  isJsonObject(body) && typeof body.model === 'string' ? body.model : ''

/** @param record undefined where the observer failed */
export function keepRecord(
  call: ObservedCall,
  record: InferenceRecord | undefined,
  { events, accept }: ProxyParts,
): void {
  events.callEnded(call, record)
  if (record !== undefined) accept(record)
}

export function refuse(outgoing: ServerResponse, failure: Failure, events: ProxyEvents): void {
  events.refused(failure.code)
  answerFailure(outgoing, failure)
}
