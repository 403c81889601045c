import type { Config } from '../../shared/config/load.ts'
import { basicAuthorization } from '../../worker/sinks/langfuse/credentials.ts'
import {
  acceptsIngestion,
  parseVersion,
  protocolForVersion,
  versionInHealth,
} from '../../worker/sinks/langfuse/server-version.ts'
import { type Check, type Finding, notOk, notUsed, ok } from './check.ts'
import { statusOf } from './status.ts'

/** Which server it is, whether the protocol fits its version, and whether it accepts the keys. */
export function langfuseCheck(config: Config): Check {
  return {
    name: 'Langfuse',
    async run(signal): Promise<Finding> {
      const { langfusePublicKey, langfuseSecretKey, langfuseEnabled, langfuseBaseUrl } = config
      if (!langfuseEnabled) return notUsed('LANGFUSE_ENABLED is false')
      if (langfusePublicKey === undefined || langfuseSecretKey === undefined) {
        return notUsed('LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY are not set')
      }
      const version = await serverVersion(langfuseBaseUrl, signal)
      if (version === undefined) {
        return notOk(
          `${langfuseBaseUrl} answers, but not as Langfuse does`,
          'set LANGFUSE_BASE_URL to the server without a path',
        )
      }
      const protocol = protocolFinding(version, config.langfuseProtocol)
      if (protocol.state !== 'ok') return protocol
      const headers = { authorization: basicAuthorization(langfusePublicKey, langfuseSecretKey) }
      const status = await statusOf(`${langfuseBaseUrl}/api/public/projects`, { headers, signal })
      return keysFinding(status, `${langfuseBaseUrl} ${protocol.summary}`)
    },
  }
}

async function serverVersion(baseUrl: string, signal: AbortSignal): Promise<string | undefined> {
  const response = await fetch(`${baseUrl}/api/public/health`, { signal })
  return versionInHealth(await response.text())
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

function keysFinding(status: number, server: string): Finding {
  switch (status) {
    case 200:
      return ok(`${server}, and takes the keys`)
    case 401:
      return notOk(
        `${server}, but does not know the keys (401)`,
        'set the keys of a project on this very server',
      )
    case 403:
      return notOk(
        `${server}, but refuses the keys (403)`,
        'use the keys of a project, and see that it is not suspended',
      )
    default:
      return notOk(
        `${server}, but answers ${status} when asked about the keys`,
        'look at the log of the server',
      )
  }
}
