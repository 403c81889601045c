import type { Config } from '../../shared/config/load.ts'
import { urlAuthorization } from '../../shared/http/url-authorization.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Upstream } from './target.ts'

/** The configured upstreams by name; `default` is `UPSTREAM_BASE_URL`. */
export function upstreamsOf(config: Config): ReadonlyMap<string, Upstream> {
  const named = [...config.upstreams].map(([name, url]) => [name, upstream(name, url)] as const)
  const defaultUpstream = upstream('default', config.upstreamBaseUrl, config.upstreamApiKey)
  return new Map([['default', defaultUpstream], ...named])
}

/**
 * @param baseUrl its user and password become `authorization`, its query `query`; neither is in `origin` and `basePath`,
 * which are shown to people
 */
function upstream(name: string, baseUrl: string, apiKey?: string): Upstream {
  const url = new URL(baseUrl)
  const known = knownProvider(url.hostname)
  const authorization = urlAuthorization(url)
  const query = url.search === '' ? undefined : url.search.slice(1)
  return {
    name,
    origin: url.origin,
    basePath: url.pathname === '/' ? '' : url.pathname,
    provider: known ?? url.hostname,
    ...(known !== undefined && { isModelApi: true as const }),
    ...omitUndefined({ apiKey, authorization, query }),
  }
}

// Well-known values of gen_ai.provider.name (OpenTelemetry GenAI conventions, v1.41), then providers without one.
const providers: readonly (readonly [host: RegExp, provider: string])[] = [
  [/(^|\.)openai\.com$/, 'openai'],
  [/\.openai\.azure\.com$/, 'azure.ai.openai'],
  [/\.(services\.ai|inference\.ml)\.azure\.com$|\.models\.ai\.azure\.com$/, 'azure.ai.inference'],
  [/(^|\.)anthropic\.com$/, 'anthropic'],
  [/generativelanguage\.googleapis\.com$/, 'gcp.gemini'],
  [/aiplatform\.googleapis\.com$/, 'gcp.vertex_ai'],
  [/\.amazonaws\.com$/, 'aws.bedrock'],
  [/(^|\.)groq\.com$/, 'groq'],
  [/(^|\.)mistral\.ai$/, 'mistral_ai'],
  [/(^|\.)deepseek\.com$/, 'deepseek'],
  [/(^|\.)x\.ai$/, 'x_ai'],
  [/(^|\.)perplexity\.ai$/, 'perplexity'],
  [/(^|\.)cohere\.(ai|com)$/, 'cohere'],
  [/(^|\.)openrouter\.ai$/, 'openrouter'],
  [/(^|\.)together\.(ai|xyz)$/, 'together'],
]

/** @returns the provider's name; undefined for a host that may be anybody's */
const knownProvider = (host: string): string | undefined =>
  providers.find(([pattern]) => pattern.test(host))?.[1]
