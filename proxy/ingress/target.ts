import type { IncomingHttpHeaders } from 'node:http'
import { percentDecoded } from '../../shared/http/percent-decoded.ts'
import type { Operation } from '../../shared/record/record.ts'
import type { Failure } from './failures.ts'
import { operationOf } from './operation-of.ts'

/** Where a call goes, read from its request line. */
export type Target = {
  readonly upstream: Upstream
  /** Path at the upstream's API, from `/v1` on, without query. */
  readonly route: string
  /** Path and query of the upstream request. */
  readonly path: string
  readonly operation: Operation
  /** From `/t/<thread id>/...`, decoded. */
  readonly threadId?: string
  /** The same, as it stands in the path. */
  readonly pathThread?: string
}

/** One model API, by its name in the settings. */
export type Upstream = {
  readonly name: string
  readonly origin: string
  /** Replaces everything in the path up to and including `/v1`. */
  readonly basePath: string
  /** OpenTelemetry `gen_ai.provider.name`. */
  readonly provider: string
  /** Used only where the client sends no credentials. */
  readonly apiKey?: string
}

/** @param headers of the request; without them a call of Anthropic's API is known by its path alone */
export type FindTarget = (
  method: string,
  url: string,
  headers?: IncomingHttpHeaders,
) => Target | { readonly failure: Failure }

/**
 * groq-sdk and Azure's v1 API append `/openai/v1/...` to their base URL, so with the default upstream set to Groq or
 * Azure only the base URL has to change.
 */
const vendorPrefix = 'openai'

/** The upstream of that name serves Anthropic's API, else the first whose provider it is. */
const anthropic = 'anthropic'

/**
 * Parses request targets: `/v1/...` and `/<upstream name>/v1/...`, either after `/t/<thread id>`, for clients that can
 * only set a base URL. The upstream URL is built from its settings and the rest of the path, never from a host that
 * the client names.
 * @param upstreams by name; `default` serves `/v1/...`, except for calls of Anthropic's API where another one does
 */
export function targetFinder(upstreams: ReadonlyMap<string, Upstream>): FindTarget {
  const defaultUpstream = upstreams.get('default')
  const anthropicUpstream = findAnthropic(upstreams)
  const byPrefix = new Map([[vendorPrefix, defaultUpstream], [anthropic, anthropicUpstream], ...upstreams])
  return (method, url, headers) => {
    const { thread, name, rest } = splitUrl(url)
    if (rest === undefined) return unknownPath(url)
    const route = `/v1${withoutQuery(rest)}`
    const isAnthropic = name === undefined && isAnthropicCall(route, headers)
    const upstream = isAnthropic ? (anthropicUpstream ?? defaultUpstream) : byPrefix.get(name ?? 'default')
    if (upstream === undefined) return unknownUpstream(name ?? 'default', upstreams)
    const operation = method === 'POST' ? operationOf(route) : 'relay'
    const path = upstream.basePath + rest
    if (thread === undefined) return { upstream, route, path, operation }
    return { upstream, route, path, operation, threadId: percentDecoded(thread), pathThread: thread }
  }
}

/** The default upstream where it is Anthropic's own; a gateway in its place is named in the path: `/default/v1`. */
function findAnthropic(upstreams: ReadonlyMap<string, Upstream>): Upstream | undefined {
  const all = [...upstreams.values()]
  const byProvider = all.find(({ provider }) => provider === anthropic)
  return byProvider?.name === 'default' ? byProvider : (upstreams.get(anthropic) ?? byProvider)
}

/** Every request of Anthropic's API has the header; only its API has the path. */
const isAnthropicCall = (route: string, headers: Parameters<FindTarget>[2]): boolean =>
  headers?.['anthropic-version'] !== undefined || /^\/v1\/messages(?:\/|$)/.test(route)

/** `/t/lesson%204/groq/v1/models?x=1` → `{thread: 'lesson%204', name: 'groq', rest: '/models?x=1'}`. */
function splitUrl(url: string): { thread?: string | undefined; name?: string | undefined; rest?: string } {
  const match = /^(?:\/t\/([^/?]+))?(?:\/([^/?]+))??\/v1(?=[/?]|$)(.*)$/.exec(url)
  if (match === null) return {}
  return { thread: match[1], name: match[2], rest: match[3] ?? '' }
}

function withoutQuery(rest: string): string {
  const query = rest.indexOf('?')
  return query < 0 ? rest : rest.slice(0, query)
}

const unknownPath = (url: string) => ({
  failure: {
    code: 'unknown_path' as const,
    message: `${withoutQuery(url)} is not a path to an upstream; use /v1/..., /<upstream name>/v1/... or /t/<thread id>/v1/...`,
  },
})

const unknownUpstream = (name: string, upstreams: ReadonlyMap<string, Upstream>) => ({
  failure: {
    code: 'unknown_upstream' as const,
    message: `there is no upstream called "${name}"; there are ${[...upstreams.keys()].join(', ')} (UPSTREAMS)`,
  },
})
