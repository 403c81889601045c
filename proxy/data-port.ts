import type { RequestListener } from 'node:http'
import { type HttpPort, httpPort } from '../shared/http-port.ts'
import type { OnUpgrade } from '../shared/upgrades.ts'

/** The server that applications call. */
export function createDataPort(
  app: RequestListener,
  onUpgrade: OnUpgrade,
  { host, port }: { readonly host: string; readonly port: number },
): HttpPort {
  return httpPort(app, {
    name: 'data port',
    host,
    port,
    settings: 'HOST or PORT',
    onUpgrade,
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
