import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import type { Dispatcher } from 'undici'
import type { Clock } from '../shared/clock.ts'
import type { InferenceRecord } from '../shared/record/record.ts'
import type { ProxyEvents } from './events.ts'
import { askForUsage } from './ingress/ask-for-usage.ts'
import { type BodyBudget, readBody, releaseBody } from './ingress/body.ts'
import { openCall, tellIds } from './ingress/call.ts'
import { type ContextParts, openAttribution } from './ingress/context/pending.ts'
import { readPlaces } from './ingress/context/places.ts'
import { type ContextRouteParts, contextRoutes } from './ingress/context-store/routes.ts'
import { answerFailure, type Failure } from './ingress/failures.ts'
import { refuseAmbiguous } from './ingress/plain-request.ts'
import type { FindTarget } from './ingress/target.ts'
import type { Capture } from './observe/call.ts'
import { guarded } from './observe/guarded.ts'
import { observe } from './observe/observer.ts'
import { readableEncodings } from './upstream/answer-way.ts'
import { requestHeaders } from './upstream/headers.ts'
import { relay } from './upstream/relay.ts'
import { uploadOf } from './upstream/upload.ts'

export type ProxyParts = {
  readonly findTarget: FindTarget
  readonly dispatcher: Dispatcher
  readonly capture: Capture
  readonly injectUsage: boolean
  readonly budget: BodyBudget
  readonly context: { readonly forCalls: ContextParts; readonly forRoutes: ContextRouteParts }
  readonly clock: Clock
  readonly events: ProxyEvents
  /** Takes a finished record; neither throws nor waits. */
  readonly accept: (record: InferenceRecord) => void
}

/** The data port's routes. Relayed calls are answered on the raw response, past Hono's. */
export function createApp(parts: ProxyParts): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.route('/_threadtap/contexts', contextRoutes(parts.context.forRoutes))
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
  const whose = openAttribution(
    () => readPlaces(incoming.headers, target.threadId, json),
    parts.context.forCalls,
  )
  const call = openCall(incoming, target, json, whose.soFar(), { startedAt, startedMonotonic })
  const asked =
    parts.injectUsage && body.kind === 'held' ? askForUsage(target.operation, body.bytes, json) : undefined
  const upload = uploadOf(incoming, body, asked)
  const acceptEncoding = asked && readableEncodings(incoming.headers['accept-encoding'])
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
      headers: requestHeaders(incoming, target.upstream, {
        ...(upload.length === undefined ? {} : { bodyBytes: upload.length }),
        ...(acceptEncoding === undefined ? {} : { acceptEncoding }),
      }),
      body: upload.body,
      askedForUsage: asked !== undefined,
      // Read when the upstream answers: by then the thread has been looked up.
      get answerFields() {
        return tellIds(call.id, whose.soFar())
      },
      observer,
      onEnd(end, cutFrames) {
        releaseBody(body, budget)
        if (asked !== undefined) events.usageAsked(cutFrames)
        const record = observer.finish(end, upload.clientBytes())
        events.callEnded(call, record)
        if (record !== undefined) whose.whenKnown((known) => parts.accept({ ...record, ...known }))
      },
    },
    parts.dispatcher,
  )
}

function refuse(outgoing: ServerResponse, failure: Failure, events: ProxyEvents): void {
  events.refused(failure.code)
  answerFailure(outgoing, failure)
}
