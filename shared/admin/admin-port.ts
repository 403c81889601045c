import type { Config } from '../config/load.ts'
import { honoListener } from '../http/hono-listener.ts'
import { type HttpPort, httpPort } from '../http/http-port.ts'
import { isLoopback } from '../http/loopback.ts'
import type { Logger } from '../logger.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { createAdminEvents } from './admin-events.ts'
import { type AdminParts, createAdminApp } from './app.ts'

/** The HTTP server for operators. Registers its metrics in the process's registry. */
export function createAdminPort(
  parts: Omit<AdminParts, 'events' | 'onLoopback' | 'token'>,
  { adminHost, adminPort, adminToken }: Pick<Config, 'adminHost' | 'adminPort' | 'adminToken'>,
  log: Logger,
): HttpPort {
  const access = omitUndefined({ onLoopback: isLoopback(adminHost), token: adminToken })
  const app = createAdminApp({ ...parts, ...access, events: createAdminEvents(parts.registry, log) })
  return httpPort(honoListener(app), {
    name: 'admin port',
    host: adminHost,
    port: adminPort,
    settings: ['ADMIN_HOST', 'ADMIN_PORT'],
  })
}
