import type { Config } from '../../shared/config/load.ts'
import type { AdminAddress } from './admin-client.ts'

/** Listening on these means on every address; who asks must name one. */
const anyAddress: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }

/** @param url from the command line, before the settings */
export function adminAddress(config: Config, url?: string): AdminAddress {
  const { adminHost, adminPort, adminToken } = config
  const host = anyAddress[adminHost] ?? (adminHost.includes(':') ? `[${adminHost}]` : adminHost)
  return {
    url: url?.replace(/\/+$/, '') ?? `http://${host}:${adminPort}`,
    ...(adminToken !== undefined && { token: adminToken }),
  }
}
