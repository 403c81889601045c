import type { LoadPages } from '../../shared/admin/pages.ts'
import { destinationsOf } from '../../shared/config/destinations.ts'
import { callableUrl, hostInUrl } from '../../shared/http/callable-url.ts'
import { maskCredentials } from '../../shared/mask-credentials.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Runtime } from './runtime.ts'

/** The console, loaded when somebody looks: a sidecar that nobody looks at does without its code. */
export function consolePages({ config, clock }: Pick<Runtime, 'config' | 'clock'>): LoadPages {
  const { host, port, tlsCert, langfuseBaseUrl } = config
  const scheme = tlsCert === undefined ? 'http' : 'https'
  const hasLangfuse = destinationsOf(config).includes('langfuse')
  return async (parts) => {
    const { createConsole } = await import('../../shared/console/console.ts')
    return createConsole({
      ...parts,
      ...omitUndefined({ langfuseUrl: hasLangfuse ? maskCredentials(langfuseBaseUrl) : undefined }),
      dataUrl: callableUrl(`${scheme}://${hostInUrl(host)}:${port}`),
      now: clock.now,
    })
  }
}
