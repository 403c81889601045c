import type { Config } from '../../shared/config/load.ts'
import { basicAuthorization, keyProblem } from '../../worker/sinks/langfuse/credentials.ts'
import {
  acceptsIngestion,
  parseVersion,
  protocolForVersion,
  versionInHealth,
} from '../../worker/sinks/langfuse/server-version.ts'
import type { Check } from './check.ts'
import { ask } from './reach/ask.ts'
import { refusesPlainHttp, speaksHttps } from './reach/explain.ts'
import { type Address, type Finding, notOk, notUsed, ok } from './reach/finding.ts'

/** Which server it is, whether the protocol fits its version, and whether it accepts the keys. */
export function langfuseCheck(config: Config): Check {
  const { langfusePublicKey, langfuseSecretKey, langfuseEnabled, langfuseBaseUrl } = config
  const address = { url: langfuseBaseUrl, assign: (url: string) => `LANGFUSE_BASE_URL=${url}` }
  return {
    name: 'Langfuse',
    address,
    async run(signal): Promise<Finding> {
      if (!langfuseEnabled) return notUsed('LANGFUSE_ENABLED is false')
      if (langfusePublicKey === undefined || langfuseSecretKey === undefined) {
        return notUsed('LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY are not set')
      }
      const problem = keyProblem(langfusePublicKey, langfuseSecretKey)
      if (problem !== undefined) return notOk(problem.what, problem.remedy)
      const health = await ask(`${langfuseBaseUrl}/api/public/health`, { signal })
      if (refusesPlainHttp(langfuseBaseUrl, health)) return speaksHttps(address)
      const version = versionInHealth(health.body)
      if (version === undefined) return await notLangfuse(address, health, signal)
      const protocol = protocolFinding(version, config.langfuseProtocol)
      if (protocol.state !== 'ok') return protocol
      const headers = { authorization: basicAuthorization(langfusePublicKey, langfuseSecretKey) }
      const { status } = await ask(`${langfuseBaseUrl}/api/public/projects`, { headers, signal })
      return keysFinding(status, langfuseBaseUrl, `${langfuseBaseUrl} ${protocol.summary}`)
    },
  }
}

/** Mostly the address of a page or of one API, where the server's own is wanted. */
async function notLangfuse(
  { url, assign }: Address,
  { status, isWebPage }: { readonly status: number; readonly isWebPage: boolean },
  signal: AbortSignal,
): Promise<Finding> {
  const { origin, pathname } = new URL(url)
  const summary = `${url} answers, but not as Langfuse does (${isWebPage ? 'a web page' : status} to GET /api/public/health)`
  if (pathname === '/') return notOk(summary, assign('<address of a Langfuse server>'))
  const atOrigin = await ask(`${origin}/api/public/health`, { signal }).catch(() => undefined)
  const isThere = atOrigin !== undefined && versionInHealth(atOrigin.body) !== undefined
  return notOk(
    isThere ? `${summary}; without its path it does` : summary,
    assign(isThere ? origin : '<the server, without a path>'),
  )
}

function protocolFinding(version: string, setting: Config['langfuseProtocol']): Finding {
  const parsed = parseVersion(version)
  const preferred = parsed === undefined ? 'ingestion' : protocolForVersion(parsed)
  if (setting === 'otlp' && preferred !== 'otlp') {
    return notOk(`version ${version} has no OTLP`, 'LANGFUSE_PROTOCOL=auto, or Langfuse 3.22 or newer')
  }
  if (setting === 'ingestion' && parsed !== undefined && !acceptsIngestion(parsed)) {
    return notOk(
      `version ${version} refuses the ingestion protocol unless told otherwise`,
      'LANGFUSE_PROTOCOL=auto',
    )
  }
  return ok(`is version ${version}, protocol ${setting === 'auto' ? preferred : setting}`)
}

const newKeys = 'LANGFUSE_PUBLIC_KEY=pk-lf-... LANGFUSE_SECRET_KEY=sk-lf-... of a project on this very server'

function keysFinding(status: number, baseUrl: string, server: string): Finding {
  switch (status) {
    case 200:
      return ok(`${server}, and takes the keys`)
    case 401:
      return notOk(`${server}, but does not know the keys (401)`, `${newKeys}${otherRegion(baseUrl)}`)
    case 403:
      return notOk(`${server}, but refuses the keys (403): of no project, or suspended`, newKeys)
    default:
      return notOk(
        `${server}, but answers ${status} when asked about the keys: it is broken, its log says why`,
        `curl -i ${baseUrl}/api/public/projects -u <public key>:<secret key>`,
      )
  }
}

/** A project of the Cloud lives in one region, and the others do not know it. */
function otherRegion(baseUrl: string): string {
  if (!baseUrl.endsWith('cloud.langfuse.com')) return ''
  const region = baseUrl.includes('//us.') ? 'cloud' : 'us.cloud'
  return `, or its region: LANGFUSE_BASE_URL=https://${region}.langfuse.com`
}
