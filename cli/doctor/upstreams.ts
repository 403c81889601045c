import { joinQuery } from '../../proxy/ingress/join-query.ts'
import type { Upstream } from '../../proxy/ingress/target.ts'
import { upstreamsOf } from '../../proxy/ingress/upstreams.ts'
import type { Config } from '../../shared/config/load.ts'
import type { Check } from './check.ts'
import { isModelApi, listsModels, wantsCredentials } from './model-api.ts'
import { otherBases } from './other-bases.ts'
import { type Answer, ask, type Question } from './reach/ask.ts'
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
      const question = { headers: requestHeaders(upstream), signal }
      const answer = await ask(joinQuery(`${base}/models`, query), question)
      if (refusesPlainHttp(base, answer)) return speaksHttps(address)
      if (listsModels(answer) || wantsCredentials(answer)) {
        return answerFinding(address, answer, sentCredential(upstream, address))
      }
      const target = redirectTarget(address.url, answer)
      if (target !== undefined) return redirectFinding(address, answer, target)
      if (answer.status >= 500 && !answer.isWebPage) return brokenFinding(address, answer)
      return await withoutModels(address, upstream, answer, question)
    },
  }
}

/** @returns where a redirect leads; undefined for none, and for one that only adds a slash */
function redirectTarget(url: string, { status, location }: Answer): URL | undefined {
  if (status < 300 || status >= 400 || location === undefined) return undefined
  const asked = `${url}/models`
  const target = URL.canParse(location, asked) ? new URL(location, asked) : undefined
  return target?.href.replace(/\/$/, '') === asked ? undefined : target
}

function redirectFinding({ url, assign }: Address, { status }: Answer, target: URL): Finding {
  const isList = /\/models\/?$/.test(target.pathname)
  return notOk(
    `${url} redirects (${status}) to ${target.href}, which clients do not follow with a call`,
    assign(isList ? target.href.replace(/\/models\/?(?=\?|$)/, '') : '<the right address>'),
  )
}

const brokenFinding = ({ url }: Address, { status }: Answer): Finding =>
  notOk(`${url} answers ${status} to GET /models: it is broken or starting`, `curl -i ${url}/models`)

/** Some model servers have no list of models, which says nothing about the rest; a wrong path has nothing at all. */
async function withoutModels(
  { url, assign }: Address,
  { origin, basePath, query }: Upstream,
  answer: Answer,
  question: Question,
): Promise<Finding> {
  const { status, isWebPage } = answer
  const got = isWebPage ? 'a web page' : status === 200 ? 'something else than models' : String(status)
  if (await isModelApi(`${origin}${basePath}`, query, question)) {
    return ok(`${url} takes calls; it has no list of models (${got} to GET /models)`)
  }
  const meant = await meantBase(url, origin, query, question)
  if (meant === undefined) {
    return notOk(
      `${url} answers ${got} to GET /models, and takes no calls at /chat/completions: this is no model API`,
      assign(`<the right address${/\/v\d/.test(basePath) ? '' : ', which mostly ends in /v1'}>`),
    )
  }
  const isVersion = meant === `${url}/v1`
  const cause = isVersion ? '/v1 is missing at its end' : `a model API is at ${meant}`
  return notOk(`${url} answers ${got} to GET /models: ${cause}`, assign(meant))
}

/** @returns the likeliest other base URL on the same server that leads to a model API */
async function meantBase(
  url: string,
  origin: string,
  query: string | undefined,
  question: Question,
): Promise<string | undefined> {
  const others = otherBases(url)
  const found = await Promise.all(
    others.map((other) => {
      const { pathname } = new URL(other)
      return isModelApi(`${origin}${pathname === '/' ? '' : pathname}`, query, question)
    }),
  )
  return others.find((_, at) => found[at])
}

function answerFinding({ url }: Address, { status }: Answer, sent: SentCredential | undefined): Finding {
  if (sent === undefined) return ok(`${url} answers (${status} without a key)`)
  if (status === 401 || status === 403) return notOk(`${url} refuses ${sent.name} (${status})`, sent.remedy)
  if (status < 300) return ok(`${url} answers and accepts ${sent.name}`)
  return ok(`${url} answers (${status} to GET /models, which says nothing about ${sent.name})`)
}

/** What threadtap adds to a call, and how it is set. */
type SentCredential = { readonly name: string; readonly remedy: string }

function sentCredential(
  { apiKey, authorization }: Upstream,
  { url, assign }: Address,
): SentCredential | undefined {
  if (authorization !== undefined) {
    const { protocol, host, pathname } = new URL(url)
    const remedy = assign(`${protocol}//<user>:<password>@${host}${pathname}`)
    return { name: 'the user and password of its URL', remedy }
  }
  const remedy = 'UPSTREAM_API_KEY=<a key of this upstream>'
  return apiKey === undefined ? undefined : { name: 'UPSTREAM_API_KEY', remedy }
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
