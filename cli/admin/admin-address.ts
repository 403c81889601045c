import type { Config } from '../../shared/config/load.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { AdminAddress } from './admin-client.ts'

/** Wildcard listen addresses, and the loopback address a client connects to instead. */
const loopbackOf: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }

/** @param url from the command line; takes precedence over the settings */
export function adminAddress(config: Config, url?: string): AdminAddress {
  const { adminHost, adminPort, adminToken } = config
  const host = loopbackOf[adminHost] ?? (adminHost.includes(':') ? `[${adminHost}]` : adminHost)
  return omitUndefined({
    url: url?.replace(/\/+$/, '') ?? `http://${host}:${adminPort}`,
    token: adminToken,
  })
}
