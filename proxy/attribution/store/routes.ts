import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { InvalidContext, parseContext, serializeContext } from '../../../shared/config/preset-context.ts'
import { isJsonObject, type JsonObject, parseJson } from '../../../shared/json.ts'
import { type Failure, failureBody, failures } from '../../ingress/failures.ts'
import { type Registered, type RegisteredContexts, type Registration, threadIdMaxLength } from './store.ts'

export type ContextRouteParts = {
  readonly store: RegisteredContexts
  /** CONTEXT_TTL_SECONDS, in ms */
  readonly ttlMs: number
  readonly onStoreFailure: (cause: unknown) => void
}

const bodyMaxBytes = 65_536
const ttlMaxSeconds = 31_536_000

/** `PUT`, `GET` and `DELETE` of `/<thread id>`, percent-encoded. */
export function contextRoutes({ store, ttlMs, onStoreFailure }: ContextRouteParts): Hono {
  const routes = new Hono()

  routes.put('/:thread', smallBody, async (c) => {
    const threadId = c.req.param('thread')
    if (threadId.length > threadIdMaxLength) {
      throw new InvalidContext(`a thread id has at most ${threadIdMaxLength} characters`, null)
    }
    const registration = parseRegistration(await c.req.text(), ttlMs)
    return c.json(serialize(threadId, await store.put(threadId, registration)))
  })

  routes.get('/:thread', async (c) => {
    const threadId = c.req.param('thread')
    const found = await store.get(threadId)
    return found === undefined ? failed(c, unknown) : c.json(serialize(threadId, found))
  })

  routes.delete('/:thread', async (c) => {
    const existed = await store.delete(c.req.param('thread'))
    return existed ? c.body(null, 204) : failed(c, unknown)
  })

  routes.onError((cause, c) => {
    if (cause instanceof InvalidContext) {
      return failed(c, { code: 'invalid_context', message: cause.message, param: cause.field })
    }
    onStoreFailure(cause)
    return failed(c, unavailable)
  })
  return routes
}

const smallBody = bodyLimit({
  maxSize: bodyMaxBytes,
  onError: (c) =>
    failed(c, { code: 'context_too_large', message: `a context has at most ${bodyMaxBytes} bytes` }),
})

const unknown: Failure = { code: 'unknown_context', message: 'nothing is registered for this thread' }

const unavailable: Failure = {
  code: 'context_store_unavailable',
  message: 'Redis, which keeps the contexts, does not answer',
}

function failed(c: Context, failure: Failure): Response {
  return c.json(failureBody(failure), failures[failure.code].status)
}

/** @throws InvalidContext naming the first invalid field */
function parseRegistration(text: string, defaultTtlMs: number): Registration {
  const value = parseJson(text)
  const context = parseContext(value, 'ttl_seconds', 'refresh_on_use')
  const { ttl_seconds: ttl, refresh_on_use: refresh } = isJsonObject(value) ? value : {}
  if (ttl !== undefined && ttl !== null && !(typeof ttl === 'number' && ttl >= 1 && ttl <= ttlMaxSeconds)) {
    throw new InvalidContext(`ttl_seconds must be a number from 1 to ${ttlMaxSeconds}`, 'ttl_seconds')
  }
  if (refresh !== undefined && refresh !== null && typeof refresh !== 'boolean') {
    throw new InvalidContext('refresh_on_use must be true or false', 'refresh_on_use')
  }
  return {
    context,
    ttlMs: typeof ttl === 'number' ? Math.round(ttl * 1000) : defaultTtlMs,
    refreshOnUse: refresh === true,
  }
}

function serialize(threadId: string, { context, ttlMs, refreshOnUse, expiresAt }: Registered): JsonObject {
  return {
    thread_id: threadId,
    ...serializeContext(context),
    ttl_seconds: ttlMs / 1000,
    refresh_on_use: refreshOnUse,
    expires_at: new Date(expiresAt).toISOString(),
  }
}
