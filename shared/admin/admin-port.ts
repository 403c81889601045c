import type { Config } from '../config/load.ts'
import { honoListener } from '../http/hono-listener.ts'
import { type HttpPort, httpPort } from '../http/http-port.ts'
import { type AdminParts, createAdminApp } from './app.ts'
import { isLoopback } from './loopback.ts'

/** The server for those who look after the process. */
export function createAdminPort(
  parts: Omit<AdminParts, 'onLoopback' | 'token'>,
  { adminHost, adminPort, adminToken }: Pick<Config, 'adminHost' | 'adminPort' | 'adminToken'>,
): HttpPort {
  const app = createAdminApp({
    ...parts,
    onLoopback: isLoopback(adminHost),
    ...(adminToken !== undefined && { token: adminToken }),
  })
  return httpPort(honoListener(app), {
    name: 'admin port',
    host: adminHost,
    port: adminPort,
    settings: 'ADMIN_HOST or ADMIN_PORT',
  })
}
