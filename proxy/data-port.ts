import type { RequestListener } from 'node:http'
import { type HttpPort, type HttpPortOptions, httpPort } from '../shared/http/http-port.ts'

/**
 * The server that applications call.
 * @param others take what is no plain request
 */
export function createDataPort(
  app: RequestListener,
  others: Required<Pick<HttpPortOptions, 'onUpgrade' | 'onMalformed'>>,
  { host, port }: { readonly host: string; readonly port: number },
): HttpPort {
  return httpPort(app, {
    name: 'data port',
    host,
    port,
    settings: 'HOST or PORT',
    ...others,
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
