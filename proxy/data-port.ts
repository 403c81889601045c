import type { HttpBindings } from '@hono/node-server'
import type { Hono } from 'hono'
import { type HttpPort, type HttpPortOptions, httpPort } from '../shared/http-port.ts'

/** Who takes what arrives there. */
export type Takers = Required<Pick<HttpPortOptions, 'onUpgrade' | 'onUnreadable'>> & {
  readonly app: Hono<{ Bindings: HttpBindings }>
}

/** The server that applications call. */
export function createDataPort(
  { app, ...takers }: Takers,
  { host, port }: { readonly host: string; readonly port: number },
): HttpPort {
  return httpPort(app as unknown as Hono, {
    name: 'data port',
    host,
    port,
    settings: 'HOST or PORT',
    ...takers,
    server: {
      // Longer than what clients and load balancers keep idle connections for, so that they close first.
      keepAliveTimeout: 75_000,
      headersTimeout: 10_000,
      // Uploads may take long; a slow head is what headersTimeout is for.
      requestTimeout: 0,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: 32 * 1024,
    },
  })
}
