import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import type { Dispatcher } from 'undici'
import { honoListener } from '../shared/http/hono-listener.ts'
import { isJsonObject, type Json } from '../shared/json.ts'
import { type ContextRouteParts, contextRoutes } from './attribution/store/routes.ts'
import type { ProxyEvents } from './events.ts'
import {
  type BodyBudget,
  ClientClosedRequestError,
  type RequestBody,
  readBody,
  releaseBody,
} from './ingress/body.ts'
import type { Failure } from './ingress/failures.ts'
import { injectIncludeUsage } from './ingress/inject-usage.ts'
import { malformedRequest, rawResponse } from './ingress/malformed-request.ts'
import { rejectAmbiguous } from './ingress/reject-ambiguous.ts'
import { sendFailure } from './ingress/send-failure.ts'
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
 * The data port's request listener. Hono routes our own paths; every other request is a call, which bypasses Hono and
 * is answered on the raw response. Saves the request, response and promises that Hono's adapter makes for each.
 */
export function createApp(parts: ProxyParts): RequestListener {
  const routes = new Hono<{ Bindings: HttpBindings }>()
  routes.route('/_threadtap/contexts', contextRoutes(parts.context.forRoutes))
  routes.all('*', async ({ env }) => {
    await answerCall(env.incoming, env.outgoing, parts)
    return RESPONSE_ALREADY_SENT
  })
  const handleOwnRoute = honoListener(routes as unknown as Hono)
  return (incoming, outgoing) => {
    if (incoming.url?.startsWith('/_threadtap/')) handleOwnRoute(incoming, outgoing)
    else void answerCall(incoming, outgoing, parts)
  }
}

/** Never rejects: a defect of ours fails the call that hit it, and no other. */
async function answerCall(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: ProxyParts,
): Promise<void> {
  try {
    await handleCall(incoming, outgoing, parts)
  } catch (cause) {
    if (cause instanceof ClientClosedRequestError) return parts.events.clientDisconnected()
    parts.events.callBroken(cause)
    if (outgoing.headersSent) outgoing.destroy()
    else reject(outgoing, { code: 'internal_error', message: 'the call could not be handled' }, parts.events)
  }
}

/** The whole path of a call, from its request line to its record. */
async function handleCall(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: ProxyParts,
): Promise<void> {
  const { clock, events, budget } = parts
  const started = { startedAt: clock.now(), startedMonotonic: clock.monotonic() }

  const target = rejectAmbiguous(incoming) ?? parts.findTarget(incoming.method ?? '', incoming.url ?? '')
  if ('failure' in target) return reject(outgoing, target.failure, events)

  const body = await readBody(incoming, target.operation, budget)
  const bodyReadAt = clock.monotonic()

  const observed = observeCall(incoming, target, body, started, parts)
  const rewritten = rewriteBody(target, body, parts)
  const request = upstreamRequest(incoming, target.upstream, body, rewritten, observed.requestData)

  relay(
    {
      incoming,
      outgoing,
      upstream: target.upstream,
      path: target.path,
      request,
      ...(rewritten && { originalRequest: () => upstreamRequest(incoming, target.upstream, body) }),
      extraHeaders: observed.extraHeaders,
      observer: observed.observer,
      onUsageRefused: (status) => noteUsageRefusal(observed.call, status, parts),
      onEnd(end, cutFrames) {
        releaseBody(body, budget)
        if (cutFrames !== undefined) events.usageInjected(cutFrames)
        observed.end(end, request.clientBytes())
      },
    },
    parts.dispatcher,
  )
  events.callForwarded(clock.monotonic() - bodyReadAt)
}

/** @returns the body with usage injected, or undefined where the original is sent; a compressed one always is */
function rewriteBody(
  { operation, upstream }: Target,
  body: RequestBody,
  { injectUsage, refusals }: ProxyParts,
): Buffer | undefined {
  if (!injectUsage || body.kind !== 'held' || body.encoded) return undefined
  if (refusals.has(upstream.name, modelOf(body.json))) return undefined
  return injectIncludeUsage(operation, body.bytes, body.json)
}

/** @param status of the response to the original request */
function noteUsageRefusal(call: Call, status: number, { events, refusals }: ProxyParts): void {
  const model = modelOf(call.body)
  events.usageInjectionRefused(call, model)
  // Only where the original request succeeds was the injected option the reason.
  if (status < 400) refusals.remember(call.upstream, model)
}

const modelOf = (body: Json | undefined): string =>
  isJsonObject(body) && typeof body.model === 'string' ? body.model : ''

/** Responds with a failure of our own, and counts it. */
export function reject(outgoing: ServerResponse, failure: Failure, events: ProxyEvents): void {
  events.requestRejected(failure.code)
  sendFailure(outgoing, failure)
}

/** @returns the whole response, as bytes on the wire, to a request that Node could not parse */
export function rejectMalformed(cause: Error, events: ProxyEvents): string {
  const failure = malformedRequest(cause)
  events.requestRejected(failure.code)
  return rawResponse(failure)
}
