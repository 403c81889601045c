import { fitting, httpUrl, type Parse, splitList } from './parsers.ts'
import { UnusableValue } from './unusable-value.ts'

/**
 * The path at which a provider's API begins, by its host. Of these hosts a shorter base URL is completed, because nothing
 * else is served there; empty where the API begins at the root.
 * Source: the base URL for OpenAI's SDKs in each provider's documentation.
 */
const apiRoots: readonly (readonly [host: RegExp, path: string])[] = [
  [/(^|\.)api\.openai\.com$/, '/v1'],
  [/(^|\.)anthropic\.com$/, '/v1'],
  [/\.openai\.azure\.com$/, '/openai/v1'],
  [/^generativelanguage\.googleapis\.com$/, '/v1beta/openai'],
  [/\.services\.ai\.azure\.com$/, '/openai/v1'],
  [/^bedrock-runtime\.[\w-]+\.amazonaws\.com$/, '/openai/v1'],
  [/^api\.groq\.com$/, '/openai/v1'],
  [/^openrouter\.ai$/, '/api/v1'],
  [/^api\.fireworks\.ai$/, '/inference/v1'],
  [/^api\.cohere\.(ai|com)$/, '/compatibility/v1'],
  [/^models\.github\.ai$/, '/inference'],
  [/^models\.inference\.ai\.azure\.com$/, ''],
  [/^api\.perplexity\.ai$/, ''],
  [/^api\.deepseek\.com$/, ''],
]

/** Where nearly every other server begins: vLLM, llama.cpp, Ollama, LM Studio, LiteLLM, ... */
const usualRoot = '/v1'

/** Paths of calls: a URL that ends with one is not a base URL. */
const endpoint =
  /\/(chat\/completions|completions|responses|embeddings|messages|images\/generations|audio\/\w+)$/

/**
 * The base URL of a model API. Slashes too many and a doubled `/v1` are mended; where there is no path, the one at which
 * the API begins is added. A path that ends with `/.` says that the API begins at the root. A user and password, and a query,
 * stay: see proxy/ingress/upstreams.ts.
 */
export const upstreamUrl: Parse<string> = fitting(String.raw`^\s*https?:`, (value) => {
  httpUrl(value)
  const url = new URL(value)
  const path = url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '')
  const [called] = endpoint.exec(path) ?? []
  if (called !== undefined) {
    throw notBase(called, url, path.slice(0, -called.length))
  }
  if (url.hash !== '') throw notBase('#...', url, path)
  const isRoot = path === '' && /\/\.\/?$/.test(value.replace(/\?.*$/, ''))
  url.pathname = isRoot ? '' : complete(url.hostname, path.replace(/(\/v1)+$/, '/v1'))
  const { search } = url
  url.search = ''
  return url.href.replace(/\/$/, '') + search
})

/** @param path that the base URL has */
function notBase(without: string, url: URL, path: string): UnusableValue {
  const meant = new URL(url)
  meant.pathname = path
  meant.hash = ''
  return new UnusableValue(`a base URL, without ${without}: ${url.origin}${path}`, meant.href)
}

function complete(host: string, path: string): string {
  const known = apiRoots.find(([pattern]) => pattern.test(host))?.[1]
  if (known !== undefined) return known === path || known.startsWith(`${path}/`) ? known : path
  return path === '' ? usualRoot : path
}

const reservedNames = new Set(['v1', 't'])

/** `name=url,...`: the names are first path segments, so they must be plain and not reserved. */
export const namedUpstreams: Parse<ReadonlyMap<string, string>> = fitting(
  String.raw`^[\s,]*$|=\s*https?:`,
  (value) => {
    const entries = splitList(value).map((entry): [string, string] => {
      const at = entry.indexOf('=')
      const name = entry.slice(0, Math.max(at, 0))
      if (!/^[a-z0-9][a-z0-9_.-]*$/i.test(name) || reservedNames.has(name)) {
        throw new Error(
          'name=url,... with names of letters, digits, ".", "-" and "_" that are not "v1" or "t"',
        )
      }
      return [name, namedUrl(name, entry.slice(at + 1))]
    })
    return new Map(entries)
  },
)

function namedUrl(name: string, value: string): string {
  try {
    return upstreamUrl(value)
  } catch (cause) {
    const instead = cause instanceof UnusableValue ? cause.instead : undefined
    throw new UnusableValue(
      `name=url,... where the url of ${name} is ${cause instanceof Error ? cause.message : cause}`,
      instead && `${name}=${instead},...`,
    )
  }
}
