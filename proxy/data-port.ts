import type { RequestListener } from 'node:http'
import type { Config } from '../shared/config/load.ts'
import { type HttpPort, type HttpPortOptions, httpPort } from '../shared/http/http-port.ts'

/** Share of the shutdown time in which new calls are taken: one that begins later could hardly end in time. */
const lingerShare = 0.8

/**
 * The server that applications call.
 * @param handlers for requests that are not plain HTTP calls
 */
export function createDataPort(
  app: RequestListener,
  handlers: Required<Pick<HttpPortOptions, 'onUpgrade' | 'onMalformed'>> &
    Pick<HttpPortOptions, 'onTlsFailure' | 'slowUploads'>,
  { host, port, shutdownTimeoutMs }: Pick<Config, 'host' | 'port' | 'shutdownTimeoutMs'>,
  certificate?: HttpPortOptions['certificate'],
): HttpPort {
  return httpPort(app, {
    name: 'data port',
    host,
    port,
    settings: ['HOST', 'PORT'],
    ...handlers,
    certificate,
    lingerMs: lingerShare * shutdownTimeoutMs,
    server: {
      // Longer than clients and load balancers keep idle connections, so that they close first.
      keepAliveTimeout: 75_000,
      headersTimeout: 10_000,
      // Uploads may take long; headersTimeout covers slow heads.
      requestTimeout: 0,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: 32 * 1024,
      // Node would refuse one without with an empty 400; see reject-ambiguous.ts.
      requireHostHeader: false,
    },
  })
}
