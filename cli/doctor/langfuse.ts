import type { Config } from '../../shared/config/load.ts'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import { type Check, type Finding, notOk, notUsed, ok } from './check.ts'
import { statusOf } from './status.ts'

/** Which server it is, whether the protocol fits it, and whether it takes the keys. */
export function langfuseCheck(config: Config): Check {
  return {
    name: 'Langfuse',
    async run(signal): Promise<Finding> {
      const { langfusePublicKey, langfuseSecretKey, langfuseEnabled, langfuseBaseUrl } = config
      if (!langfuseEnabled) return notUsed('LANGFUSE_ENABLED is false')
      if (langfusePublicKey === undefined || langfuseSecretKey === undefined) {
        return notUsed('LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY are not set')
      }
      const version = await versionOf(langfuseBaseUrl, signal)
      if (version === undefined) {
        return notOk(
          `${langfuseBaseUrl} answers, but not as Langfuse does`,
          'set LANGFUSE_BASE_URL to the server without a path',
        )
      }
      const protocol = protocolFor(version, config.langfuseProtocol)
      if (protocol.state !== 'ok') return protocol
      const basic = Buffer.from(`${langfusePublicKey}:${langfuseSecretKey}`).toString('base64')
      const headers = { authorization: `Basic ${basic}` }
      const status = await statusOf(`${langfuseBaseUrl}/api/public/projects`, { headers, signal })
      return keysFinding(status, `${langfuseBaseUrl} ${protocol.said}`)
    },
  }
}

async function versionOf(baseUrl: string, signal: AbortSignal): Promise<string | undefined> {
  const answer = await fetch(`${baseUrl}/api/public/health`, { signal })
  const health = parseJson(await answer.text())
  return isJsonObject(health) && typeof health.version === 'string' ? health.version : undefined
}

/** OTLP came with 3.22.0; 4 refuses nearly everything on the older way, inside an answer that looks well. */
function protocolFor(version: string, wanted: Config['langfuseProtocol']): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const hasOtlp = major > 3 || (major === 3 && minor >= 22)
  if (wanted === 'otlp' && !hasOtlp) {
    return notOk(`version ${version} has no OTLP`, 'LANGFUSE_PROTOCOL=auto, or Langfuse 3.22 or newer')
  }
  if (wanted === 'ingestion' && major > 3) {
    return notOk(
      `version ${version} refuses the ingestion protocol unless told otherwise`,
      'LANGFUSE_PROTOCOL=auto',
    )
  }
  const chosen = wanted === 'auto' ? (hasOtlp ? 'otlp' : 'ingestion') : wanted
  return ok(`is version ${version}, protocol ${chosen}`)
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
