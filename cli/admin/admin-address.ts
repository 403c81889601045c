import type { Config } from '../../shared/config/load.ts'
import { callableUrl, hostInUrl } from '../../shared/http/callable-url.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { AdminAddress } from './admin-client.ts'

/** @param url from the command line; takes precedence over the settings */
export function adminAddress(config: Config, url?: string): AdminAddress {
  const { adminHost, adminPort, adminToken } = config
  return omitUndefined({
    url: url?.replace(/\/+$/, '') ?? callableUrl(`http://${hostInUrl(adminHost)}:${adminPort}`),
    token: adminToken,
  })
}
