import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import type { Dispatcher } from 'undici'
import { honoListener } from '../shared/http/hono-listener.ts'
import { isJsonObject, type Json } from '../shared/json.ts'
import { type ContextRouteParts, contextRoutes } from './attribution/store/routes.ts'
import type { ProxyEvents } from './events.ts'
import { type BodyBudget, type RequestBody, readBody, releaseBody } from './ingress/body.ts'
import type { Failure } from './ingress/failures.ts'
import { injectIncludeUsage } from './ingress/inject-usage.ts'
import { rawResponse, unreadable } from './ingress/malformed-request.ts'
import { sendFailure } from './ingress/refuse.ts'
import { rejectAmbiguous } from './ingress/reject-ambiguous.ts'
import type { FindTarget, Target } from './ingress/target.ts'
import type { Call } from './observe/call.ts'
import { type ObservationParts, observeCall } from './observed-call.ts'
import { relay } from './upstream/relay.ts'
import { upstreamRequest } from './upstream/upstream-request.ts'
import type { UsageRefusals } from './upstream/usage-refusals.ts'

export type ProxyParts = ObservationParts & {
  readonly findTarget: FindTarget
  readonly dispatcher: Dispatcher
  readonly injectUsage: boolean
  readonly refusals: UsageRefusals
  readonly budget: BodyBudget
  readonly context: { readonly forRoutes: ContextRouteParts }
}

/**
 * What the data port does with a request. Our own routes are Hono's; everything else is a call, answered on the raw
 * response, and goes past Hono. Gained: the request, the response and the promises that Hono's adapter makes for each.
 */
export function createApp(parts: ProxyParts): RequestListener {
  const routes = new Hono<{ Bindings: HttpBindings }>()
  routes.route('/_threadtap/contexts', contextRoutes(parts.context.forRoutes))
  routes.all('*', async ({ env }) => {
    await answerCall(env.incoming, env.outgoing, parts)
    return RESPONSE_ALREADY_SENT
  })
  const answerOwn = honoListener(routes as unknown as Hono)
  return (incoming, outgoing) => {
    if (incoming.url?.startsWith('/_threadtap/')) answerOwn(incoming, outgoing)
    else void answerCall(incoming, outgoing, parts)
  }
}

/** Never rejects: a defect of ours costs the call that met it, and no other one. */
async function answerCall(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: ProxyParts,
): Promise<void> {
  try {
    await handleCall(incoming, outgoing, parts)
  } catch (cause) {
    parts.events.callBroken(cause)
    if (outgoing.headersSent) outgoing.destroy()
    else refuse(outgoing, { code: 'internal_error', message: 'the call could not be handled' }, parts.events)
  }
}

/** The whole path of a request, from its first line to the record of its answer. */
async function handleCall(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: ProxyParts,
): Promise<void> {
  const { clock, events, budget } = parts
  const started = { startedAt: clock.now(), startedMonotonic: clock.monotonic() }

  const target = rejectAmbiguous(incoming) ?? parts.findTarget(incoming.method ?? '', incoming.url ?? '')
  if ('failure' in target) return refuse(outgoing, target.failure, events)

  const body = await readBody(incoming, target.operation, budget).catch(() => undefined)
  if (body === undefined) return events.clientLeftEarly()
  const bodyReadAt = clock.monotonic()

  const observed = observeCall(incoming, target, body, started, parts)
  const asking = rewriteBody(target, body, parts)
  const request = upstreamRequest(incoming, target.upstream, body, asking, observed.requestData)

  relay(
    {
      incoming,
      outgoing,
      upstream: target.upstream,
      path: target.path,
      request,
      ...(asking && { originalRequest: () => upstreamRequest(incoming, target.upstream, body) }),
      extraHeaders: observed.extraHeaders,
      observer: observed.observer,
      onUsageRefused: (status) => noteRefusal(observed.call, status, parts),
      onEnd(end, cutFrames) {
        releaseBody(body, budget)
        if (cutFrames !== undefined) events.usageInjected(cutFrames)
        observed.ended(end, request.clientBytes())
      },
    },
    parts.dispatcher,
  )
  events.callSentOn(clock.monotonic() - bodyReadAt)
}

/** @returns the body that asks for usage, where we may ask; a compressed one is left alone */
function rewriteBody(
  { operation, upstream }: Target,
  body: RequestBody,
  { injectUsage, refusals }: ProxyParts,
): Buffer | undefined {
  if (!injectUsage || body.kind !== 'held' || body.encoded) return undefined
  if (refusals.has(upstream.name, modelOf(body.json))) return undefined
  return injectIncludeUsage(operation, body.bytes, body.json)
}

/** @param status of the answer to the client's own request */
function noteRefusal(call: Call, status: number, { events, refusals }: ProxyParts): void {
  const model = modelOf(call.body)
  events.usageInjectionRefused(call, model)
  // Only an upstream that takes the call without it has refused nothing but the asking.
  if (status < 400) refusals.remember(call.upstream, model)
}

const modelOf = (body: Json | undefined): string =>
  isJsonObject(body) && typeof body.model === 'string' ? body.model : ''

export function refuse(outgoing: ServerResponse, failure: Failure, events: ProxyEvents): void {
  events.refused(failure.code)
  sendFailure(outgoing, failure)
}

/** @returns the whole answer to what Node could not read as a request */
export function refuseMalformed(cause: Error, events: ProxyEvents): string {
  const failure = unreadable(cause)
  events.refused(failure.code)
  return rawResponse(failure)
}
