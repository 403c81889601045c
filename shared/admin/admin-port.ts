import type { Config } from '../config/load.ts'
import { type HttpPort, httpPort } from '../http/http-port.ts'
import { isLoopback } from '../http/loopback.ts'
import type { Logger } from '../logger.ts'
import { omitUndefined } from '../omit-undefined.ts'
import type { Note } from '../timing/loop-watch.ts'
import { createAdminEvents } from './admin-events.ts'
import { adminListener } from './admin-listener.ts'
import type { AdminParts } from './admin-parts.ts'

/**
 * The HTTP server for operators. Registers its metrics in the process's registry.
 * @param note takes what is about to run on this thread's loop
 */
export function createAdminPort(
  parts: Omit<AdminParts, 'events' | 'onLoopback' | 'token'>,
  { adminHost, adminPort, adminToken }: Pick<Config, 'adminHost' | 'adminPort' | 'adminToken'>,
  log: Logger,
  note?: Note,
): HttpPort {
  const access = omitUndefined({ onLoopback: isLoopback(adminHost), token: adminToken })
  const events = createAdminEvents(parts.registry, log, note)
  return httpPort(adminListener({ ...parts, ...access, events }), {
    name: 'admin port',
    host: adminHost,
    port: adminPort,
    settings: ['ADMIN_HOST', 'ADMIN_PORT'],
  })
}
