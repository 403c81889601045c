import type { LoadPages } from '../../shared/admin/pages.ts'
import { destinationsOf } from '../../shared/config/destinations.ts'
import type { Config } from '../../shared/config/load.ts'
import { callableUrl, hostInUrl } from '../../shared/http/callable-url.ts'
import { maskCredentials } from '../../shared/mask-credentials.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Runtime } from './runtime.ts'

/** Shorter than on the command line: somebody looks at a page that does not come. */
const examineMs = 5_000

/**
 * The console, loaded when somebody looks: a sidecar that nobody looks at does without its code.
 * @param hasDataPort whether calls can be made through this process
 */
export function consolePages(
  { config, clock }: Pick<Runtime, 'config' | 'clock'>,
  hasDataPort: boolean,
): LoadPages {
  const { langfuseBaseUrl } = config
  const langfuseUrl = destinationsOf(config).includes('langfuse')
    ? maskCredentials(langfuseBaseUrl)
    : undefined
  const dataUrl = hasDataPort ? dataUrlOf(config) : undefined
  return async (parts) => {
    const { createConsole } = await import('../../shared/console/console.ts')
    const { now } = clock
    const examine = async () => {
      const { examineServers } = await import('../../cli/doctor/servers.ts')
      return examineServers(config, now(), examineMs)
    }
    return createConsole({ ...parts, ...omitUndefined({ langfuseUrl, dataUrl }), examine, now })
  }
}

/** @returns undefined where the port is whichever was free: only the main thread knows it */
function dataUrlOf({ host, port, tlsCert }: Config): string | undefined {
  if (port === 0) return undefined
  return callableUrl(`${tlsCert === undefined ? 'http' : 'https'}://${hostInUrl(host)}:${port}`)
}
