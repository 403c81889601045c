import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import { honoListener } from '../shared/http/hono-listener.ts'
import { type ContextRouteParts, contextRoutes } from './attribution/store/routes.ts'

/**
 * What the data port itself serves.
 * @param refuse takes what only resembles one of our paths
 */
export function createOwnRoutes(
  contexts: ContextRouteParts,
  refuse: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): RequestListener {
  const routes = new Hono<{ Bindings: HttpBindings }>()
  routes.route('/_threadtap/contexts', contextRoutes(contexts))
  routes.all('*', ({ env }) => {
    refuse(env.incoming, env.outgoing)
    return RESPONSE_ALREADY_SENT
  })
  return honoListener(routes as unknown as Hono)
}
