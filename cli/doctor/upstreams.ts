import { joinQuery } from '../../proxy/ingress/join-query.ts'
import type { Upstream } from '../../proxy/ingress/target.ts'
import { upstreamsOf } from '../../proxy/ingress/upstreams.ts'
import type { Config } from '../../shared/config/load.ts'
import type { Check } from './check.ts'
import { isModelApi } from './model-api.ts'
import { type Answer, ask } from './reach/ask.ts'
import { refusesPlainHttp, speaksHttps } from './reach/explain.ts'
import { type Address, type Finding, notOk, ok } from './reach/finding.ts'

/** One check per upstream, which is asked where the relay sends calls: below the base URL of the settings. */
export function upstreamChecks(config: Config): Check[] {
  const { upstreamBaseUrl, upstreams } = config
  return [...upstreamsOf(config)].map(([name, upstream]) => {
    const isDefault = name === 'default'
    const url = isDefault ? upstreamBaseUrl : (upstreams.get(name) ?? '')
    const assign = (text: string) =>
      isDefault ? `UPSTREAM_BASE_URL=${text}` : `UPSTREAMS=${name}=${text},...`
    return upstreamCheck(upstream, { url, assign })
  })
}

function upstreamCheck(upstream: Upstream, address: Address): Check {
  const { name, origin, basePath, query } = upstream
  const base = `${origin}${basePath}`
  return {
    name: `upstream ${name}`,
    address,
    async run(signal): Promise<Finding> {
      const init = { headers: requestHeaders(upstream), signal }
      const answer = await ask(joinQuery(`${base}/models`, query), init)
      if (refusesPlainHttp(base, answer)) return speaksHttps(address)
      if (answer.isWebPage || answer.status === 404 || answer.status === 405) {
        return await withoutModels(address, upstream, answer, init)
      }
      return answerFinding(address, answer, sentCredential(upstream, address))
    },
  }
}

/** Some model servers have no list of models, which says nothing about the rest; a wrong path has nothing at all. */
async function withoutModels(
  { url, assign }: Address,
  { origin, basePath, query }: Upstream,
  answer: Answer,
  init: RequestInit,
): Promise<Finding> {
  const base = `${origin}${basePath}`
  const got = answer.isWebPage ? 'a web page' : String(answer.status)
  if (!answer.isWebPage && (await isModelApi(base, query, init))) {
    return ok(`${url} takes calls; it has no list of models (${got} to GET /models)`)
  }
  const withVersion = `${base}/v1`
  const hasVersion = /\/v\d+[a-z]*(\/|$)/.test(new URL(base).pathname)
  if (!hasVersion && (await isModelApi(withVersion, query, init))) {
    return notOk(
      `${url} answers ${got} to GET /models: /v1 is missing at its end`,
      assign(withVersionAdded(url)),
    )
  }
  return notOk(
    `${url} answers ${got} to GET /models, and takes no calls at /chat/completions: this is no model API`,
    assign(hasVersion ? '<the right address>' : '<the right address, which mostly ends in /v1>'),
  )
}

function answerFinding({ url, assign }: Address, answer: Answer, sent: SentCredential | undefined): Finding {
  const { status, location } = answer
  if (status >= 300 && status < 400) {
    const target = location?.replace(/\/models$/, '') ?? '<where it leads>'
    return notOk(`${url} redirects (${status}), which clients do not follow with a call`, assign(target))
  }
  if (status >= 500) {
    return notOk(`${url} answers ${status} to GET /models: it is broken or starting`, `curl -i ${url}/models`)
  }
  if (sent === undefined) return ok(`${url} answers (${status} without a key)`)
  if (status === 401 || status === 403) return notOk(`${url} refuses ${sent.name} (${status})`, sent.cure)
  if (status < 300) return ok(`${url} answers and accepts ${sent.name}`)
  return ok(`${url} answers (${status} to GET /models, which says nothing about ${sent.name})`)
}

/** What threadtap adds to a call, and how it is set. */
type SentCredential = { readonly name: string; readonly cure: string }

function sentCredential(
  { apiKey, authorization }: Upstream,
  { url, assign }: Address,
): SentCredential | undefined {
  if (authorization !== undefined) {
    const { protocol, host, pathname } = new URL(url)
    const cure = assign(`${protocol}//<user>:<password>@${host}${pathname}`)
    return { name: 'the user and password of its URL', cure }
  }
  const cure = 'UPSTREAM_API_KEY=<a key of this upstream>'
  return apiKey === undefined ? undefined : { name: 'UPSTREAM_API_KEY', cure }
}

function withVersionAdded(url: string): string {
  const changed = new URL(url)
  changed.pathname = `${changed.pathname.replace(/\/$/, '')}/v1`
  return changed.href
}

/** As the relay sends the key: Anthropic's API has a field of its own for it, and refuses calls without a version. */
export function requestHeaders({
  provider,
  apiKey,
  authorization,
}: Pick<Upstream, 'provider' | 'apiKey' | 'authorization'>): Record<string, string> {
  const isAnthropic = provider === 'anthropic'
  const version = isAnthropic ? { 'anthropic-version': '2023-06-01' } : {}
  if (authorization !== undefined) return { ...version, authorization }
  if (apiKey === undefined) return version
  return { ...version, ...(isAnthropic ? { 'x-api-key': apiKey } : { authorization: `Bearer ${apiKey}` }) }
}
