import { type Context, Hono } from 'hono'
import { InvalidContext, parseContext, serializeContext } from '../../../shared/config/preset-context.ts'
import { isJsonObject, type JsonObject, parseJson } from '../../../shared/json.ts'
import { type Failure, type FailureCode, failureBody, failures } from '../../ingress/failures.ts'
import { readSmallBody } from './small-body.ts'
import {
  RecorderNotRunning,
  type Registered,
  type RegisteredContexts,
  type Registration,
  threadIdMaxLength,
} from './store.ts'

export type ContextRouteParts = {
  readonly store: RegisteredContexts
  /** CONTEXT_TTL_SECONDS, in ms */
  readonly ttlMs: number
  /** Whether the store is Redis, and not the recorder's own memory. */
  readonly inRedis: boolean
  /** A request got a failure. */
  readonly onRefused: (code: FailureCode) => void
  readonly onStoreFailure: (cause: unknown) => void
  /** A defect of ours. */
  readonly onBroken: (cause: unknown) => void
}

const bodyMaxBytes = 65_536
const ttlMaxSeconds = 31_536_000

/** `PUT`, `GET` and `DELETE` of `/<thread id>`, percent-encoded. */
export function contextRoutes(parts: ContextRouteParts): Hono {
  const { store, ttlMs, onStoreFailure, onBroken } = parts
  const routes = new Hono()

  function failed(c: Context, failure: Failure): Response {
    parts.onRefused(failure.code)
    return c.json(failureBody(failure), failures[failure.code].status)
  }

  routes.put('/:thread', async (c) => {
    const threadId = c.req.param('thread')
    if (threadId.length > threadIdMaxLength) {
      throw new InvalidContext(`a thread id has at most ${threadIdMaxLength} characters`, null)
    }
    const text = await readSmallBody(c.req.raw, bodyMaxBytes)
    if (text === undefined) return failed(c, tooLarge)
    const registration = parseRegistration(text, ttlMs)
    return c.json(serialize(threadId, await asked(store.put(threadId, registration))))
  })

  routes.get('/:thread', async (c) => {
    const threadId = c.req.param('thread')
    const found = await asked(store.get(threadId))
    return found === undefined ? failed(c, unknown) : c.json(serialize(threadId, found))
  })

  routes.delete('/:thread', async (c) => {
    const existed = await asked(store.delete(c.req.param('thread')))
    return existed ? c.body(null, 204) : failed(c, unknown)
  })

  routes.all('*', (c) => failed(c, noSuchRequest))

  routes.onError((cause, c) => {
    if (cause instanceof InvalidContext) {
      return failed(c, { code: 'invalid_context', message: cause.message, param: cause.field })
    }
    if (cause instanceof StoreFailed) {
      onStoreFailure(cause.cause)
      return failed(c, unavailable(cause.cause, parts))
    }
    onBroken(cause)
    return failed(c, { code: 'internal_error', message: 'the request could not be handled' })
  })
  return routes
}

/** The store is to blame, and nothing else. */
class StoreFailed extends Error {
  override readonly name = 'StoreFailed'
}

const asked = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((cause: unknown) => {
    throw new StoreFailed('the store of contexts failed', { cause })
  })

const tooLarge: Failure = {
  code: 'context_too_large',
  message: `a context has at most ${bodyMaxBytes} bytes`,
}

const noSuchRequest: Failure = {
  code: 'unknown_path',
  message:
    'contexts are registered with PUT, read with GET and removed with DELETE of /_threadtap/contexts/<thread id>',
}

const unknown: Failure = { code: 'unknown_context', message: 'nothing is registered for this thread' }

const unavailable = (cause: unknown, { inRedis }: ContextRouteParts): Failure => ({
  code: 'context_store_unavailable',
  message:
    inRedis && !(cause instanceof RecorderNotRunning)
      ? 'Redis, which keeps the contexts, does not answer'
      : 'the recorder, which keeps the contexts, is being started again',
})

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
