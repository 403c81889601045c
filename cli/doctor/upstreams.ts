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
  return [...upstreamsOf(config)].map(([name, { origin, basePath, apiKey }]) => {
    const isDefault = name === 'default'
    const url = isDefault ? upstreamBaseUrl : (upstreams.get(name) ?? '')
    const assign = (text: string) =>
      isDefault ? `UPSTREAM_BASE_URL=${text}` : `UPSTREAMS=${name}=${text},...`
    return upstreamCheck(name, { url, assign }, `${origin}${basePath}`, apiKey)
  })
}

function upstreamCheck(name: string, address: Address, base: string, apiKey?: string): Check {
  const { url, assign } = address
  return {
    name: `upstream ${name}`,
    address,
    async run(signal): Promise<Finding> {
      if (new URL(url).password !== '' || new URL(url).username !== '') {
        const cure = `${assign('<the address without them>')} UPSTREAM_API_KEY=<key>`
        return notOk(`${url} has a user or password, which calls are sent without`, cure)
      }
      const init = { headers: requestHeaders(base, apiKey), signal }
      const answer = await ask(`${base}/models`, init)
      if (refusesPlainHttp(base, answer)) return speaksHttps(address)
      if (answer.isWebPage || answer.status === 404 || answer.status === 405) {
        return await withoutModels(address, base, answer, init)
      }
      return answerFinding(address, answer, apiKey)
    },
  }
}

/** Some model servers have no list of models, which says nothing about the rest; a wrong path has nothing at all. */
async function withoutModels(
  { url, assign }: Address,
  base: string,
  answer: Answer,
  init: RequestInit,
): Promise<Finding> {
  const got = answer.isWebPage ? 'a web page' : String(answer.status)
  if (!answer.isWebPage && (await isModelApi(base, init))) {
    return ok(`${url} takes calls; it has no list of models (${got} to GET /models)`)
  }
  const withVersion = `${base}/v1`
  const hasVersion = /\/v\d+[a-z]*(\/|$)/.test(new URL(base).pathname)
  if (!hasVersion && (await isModelApi(withVersion, init))) {
    return notOk(`${url} answers ${got} to GET /models: /v1 is missing at its end`, assign(`${url}/v1`))
  }
  return notOk(
    `${url} answers ${got} to GET /models, and takes no calls at /chat/completions: this is no model API`,
    assign(hasVersion ? '<the right address>' : '<the right address, which mostly ends in /v1>'),
  )
}

function answerFinding({ url, assign }: Address, answer: Answer, apiKey: string | undefined): Finding {
  const { status, location } = answer
  if (status >= 300 && status < 400) {
    const target = location?.replace(/\/models$/, '') ?? '<where it leads>'
    return notOk(`${url} redirects (${status}), which clients do not follow with a call`, assign(target))
  }
  if (status >= 500) {
    return notOk(`${url} answers ${status} to GET /models: it is broken or starting`, `curl -i ${url}/models`)
  }
  if (apiKey === undefined) return ok(`${url} answers (${status} without a key)`)
  if (status === 401 || status === 403) {
    return notOk(`${url} refuses UPSTREAM_API_KEY (${status})`, 'UPSTREAM_API_KEY=<a key of this upstream>')
  }
  if (status < 300) return ok(`${url} answers and accepts UPSTREAM_API_KEY`)
  return ok(`${url} answers (${status} to GET /models, which says nothing about UPSTREAM_API_KEY)`)
}

/** As the relay sends the key: Anthropic's API has a field of its own for it, and refuses calls without a version. */
export function requestHeaders(baseUrl: string, apiKey: string | undefined): Record<string, string> {
  const isAnthropic = /(^|\.)anthropic\.com$/.test(new URL(baseUrl).hostname)
  const version = isAnthropic ? { 'anthropic-version': '2023-06-01' } : {}
  if (apiKey === undefined) return version
  return { ...version, ...(isAnthropic ? { 'x-api-key': apiKey } : { authorization: `Bearer ${apiKey}` }) }
}
