import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { loadOnce } from '../shared/load-once.ts'
import { type BegunCall, beginCall } from './begin-call.ts'
import { idHeaders } from './id-headers.ts'
import {
  bodyKindOf,
  ClientClosedRequestError,
  type RequestBody,
  readBody,
  releaseBody,
} from './ingress/body.ts'
import type { Failure } from './ingress/failures.ts'
import { malformedRequest, rawResponse } from './ingress/malformed-request.ts'
import { rejectAmbiguous } from './ingress/reject-ambiguous.ts'
import { sendFailure } from './ingress/send-failure.ts'
import type { Target } from './ingress/target.ts'
import { wantedKeys } from './ingress/wanted-keys.ts'
import type { RelayEvents } from './relay-events.ts'
import type { RelayParts } from './relay-parts.ts'
import { requestUsage, usageEnded, usageRefused } from './request-usage.ts'
import type { TappedCall } from './tape/tap.ts'
import { relay } from './upstream/relay.ts'
import { upstreamRequest } from './upstream/upstream-request.ts'

/**
 * The data port's request listener. Hono routes our own paths; every other request is a call, which bypasses Hono and
 * is answered on the raw response. Saves the request, response and promises that Hono's adapter makes for each.
 */
export function createApp(parts: RelayParts): RequestListener {
  const ownRoutes = loadOnce(() => loadOwnRoutes(parts))
  return (incoming, outgoing) => {
    if (incoming.headers.origin !== undefined && answersPage(incoming, outgoing, parts)) return
    if (!incoming.url?.startsWith('/_threadtap/')) return void answerCall(incoming, outgoing, parts)
    const refused = rejectAmbiguous(incoming) ?? parts.access.refuseContexts(incoming)
    if (refused !== undefined) return reject(outgoing, refused.failure, parts.events)
    // Hono's adapter refuses names that URL writes otherwise, such as none; whose name it is has just been judged.
    incoming.headers.host = 'localhost'
    ownRoutes().then(
      (handle) => handle(incoming, outgoing),
      (cause) => failBroken(outgoing, cause, parts),
    )
  }
}

/**
 * Has a browser let a page read the response.
 * @returns whether that was the whole request: a preflight
 */
function answersPage(incoming: IncomingMessage, outgoing: ServerResponse, { access }: RelayParts): boolean {
  const page = access.page(incoming)
  if (page === undefined) return false
  for (const [name, value] of Object.entries(page.headers)) outgoing.setHeader(name, value as string)
  if (page.isPreflight) outgoing.writeHead(204).end()
  return page.isPreflight
}

/** With the first request to them: Hono's adapter wakes Node's own fetch, and both take memory that most relays never need. */
async function loadOwnRoutes(parts: RelayParts): Promise<RequestListener> {
  const { createOwnRoutes } = await import('./own-routes.ts')
  return createOwnRoutes(parts.contextRoutes, (incoming, outgoing) =>
    refuseOwnPath(incoming, outgoing, parts),
  )
}

/** No upstream's name begins with an underscore, so nothing below our own prefix is a call. */
function refuseOwnPath(incoming: IncomingMessage, outgoing: ServerResponse, parts: RelayParts): void {
  const { method = '', url = '', headers } = incoming
  const unknown = { code: 'unknown_path', message: 'threadtap serves nothing at this path' } as const
  try {
    const found = rejectAmbiguous(incoming) ?? parts.findTarget(method, url, headers)
    reject(outgoing, 'failure' in found ? found.failure : unknown, parts.events)
  } catch (cause) {
    failBroken(outgoing, cause, parts)
  }
}

/** Never rejects: a defect of ours fails the call that hit it, and no other. */
async function answerCall(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: RelayParts,
): Promise<void> {
  try {
    await handleCall(incoming, outgoing, parts)
  } catch (cause) {
    failBroken(outgoing, cause, parts)
  }
}

function failBroken(outgoing: ServerResponse, cause: unknown, { events }: RelayParts): void {
  events.callBroken(cause)
  if (outgoing.headersSent) outgoing.destroy()
  else reject(outgoing, { code: 'internal_error', message: 'the call could not be handled' }, events)
}

/** The whole path of a call, from its request line to the end of its response. What goes by is left on the tape. */
async function handleCall(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: RelayParts,
): Promise<void> {
  const { clock, events } = parts
  const started = { at: clock.now(), monotonic: clock.monotonic() }

  const target = targetOf(incoming, incoming.method ?? '', parts)
  if ('failure' in target) return reject(outgoing, target.failure, events)

  if (events.callsInFlight() >= parts.maxCalls) return reject(outgoing, tooManyCalls, events)

  parts.loopWatch.note(target.route, started.monotonic)
  const bodyKind = bodyKindOf(incoming, target.operation, parts.budget)
  const call = beginCall(incoming, target, bodyKind, started, parts.tap)
  const onOver = startCall(events)
  try {
    const body = await bodyOf(incoming, bodyKind, call.tapped, parts)
    forward(incoming, outgoing, target, call, body, onOver, parts)
  } catch (cause) {
    call.tapped.discard()
    onOver()
    if (!(cause instanceof ClientClosedRequestError)) throw cause
    // One that was refused for its slowness is counted as that.
    if (!outgoing.headersSent) parts.events.clientDisconnected()
  }
}

export const tooManyCalls: Failure = {
  code: 'too_many_calls',
  message: 'as many calls are in flight as MAX_CALLS_IN_FLIGHT allows; try again',
}

const slowUpload: Failure = {
  code: 'request_timeout',
  message: 'the body of the request came slower than MIN_UPLOAD_RATE bytes a second',
}

/** Where a call goes, or why it goes nowhere. */
export function targetOf(
  incoming: IncomingMessage,
  method: string,
  { access, findTarget }: RelayParts,
): ReturnType<RelayParts['findTarget']> {
  const target =
    rejectAmbiguous(incoming) ??
    access.refuse(incoming) ??
    findTarget(method, incoming.url ?? '', incoming.headers)
  return 'failure' in target ? target : (access.refuseKey(incoming, target.upstream) ?? target)
}

/** Counts a call as in flight. @returns counts it as over, once */
function startCall(events: RelayEvents): () => void {
  let isOver = false
  events.callStarted()
  return () => {
    if (!isOver) events.callEnded()
    isOver = true
  }
}

/** From a complete body, or one that is streamed, to the end of the response. */
function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: Target,
  { tapped, ids }: BegunCall,
  body: RequestBody,
  onOver: () => void,
  parts: RelayParts,
): void {
  const { clock, events, budget } = parts
  const bodyReadAt = clock.monotonic()
  const callIds = ids(body)
  const usage = requestUsage(target, body, parts)
  const { rewritten } = usage
  const request = upstreamRequest(incoming, target.upstream, body, rewritten, (chunk) =>
    tapped.requestData(chunk),
  )

  relay(
    {
      incoming,
      outgoing,
      upstream: target.upstream,
      path: target.path,
      request,
      originalRequest: rewritten && (() => upstreamRequest(incoming, target.upstream, body)),
      extraHeaders: () => idHeaders(callIds, parts.presets),
      tap: tapped,
      onUsageRefused: (status) => usageRefused(callIds.callId, target, usage, status, parts),
      onEnd(end, cutFrames) {
        releaseBody(body, budget)
        const option = usageEnded(target, usage, cutFrames, parts)
        onOver()
        tapped.end(end, request.clientBytes(), option)
      },
    },
    parts.dispatcher,
    parts.loopWatch.wasBlocked(bodyReadAt),
  )
  events.callForwarded(clock.monotonic() - bodyReadAt)
}

async function bodyOf(
  incoming: IncomingMessage,
  kind: RequestBody['kind'],
  tapped: TappedCall,
  { budget }: RelayParts,
): Promise<RequestBody> {
  return kind === 'held' ? readBody(incoming, wantedKeys, budget, tapped) : { kind }
}

/** Responds with a failure of our own, and counts it. */
export function reject(outgoing: ServerResponse, failure: Failure, events: RelayEvents): void {
  events.requestRejected(failure.code)
  sendFailure(outgoing, failure)
}

/** Refuses a request whose body comes too slowly, and ends it. */
export function rejectSlowUpload(outgoing: ServerResponse, events: RelayEvents): void {
  // A request that is responded to before its end is not closed by Node, and whoever reads it would wait for ever.
  outgoing.once('close', () => outgoing.req.destroy())
  reject(outgoing, slowUpload, events)
}

/** @returns the whole response, as bytes on the wire, to a request that Node could not parse */
export function rejectMalformed(cause: Error, events: RelayEvents): string {
  const failure = malformedRequest(cause)
  events.requestRejected(failure.code)
  return rawResponse(failure)
}
