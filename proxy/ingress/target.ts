import type { IncomingHttpHeaders } from 'node:http'
import { percentDecoded } from '../../shared/http/percent-decoded.ts'
import type { Operation } from '../../shared/record/record.ts'
import type { Failure } from './failures.ts'
import { joinQuery } from './join-query.ts'
import { operationOf } from './operation-of.ts'
import { rememberTargets } from './remember-targets.ts'
import { type RequestPath, splitRequestPath } from './request-path.ts'

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
  /** Set where the provider is known by its host. */
  readonly isModelApi?: true
  /** Used only where the client sends no credentials. */
  readonly apiKey?: string
  /** Sent in the place of the client's: the user and password of the base URL. A secret. */
  readonly authorization?: string
  /** Joined to the query of each call, without `?`. A secret: it may hold a key. */
  readonly query?: string
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
 * Finds where a request goes by its path; see request-path.ts. The upstream URL is built from its settings and the rest
 * of the path, never from a host that the client names.
 * @param upstreams by name; `default` serves `/v1/...`, except for calls of Anthropic's API where another one does
 */
export function targetFinder(upstreams: ReadonlyMap<string, Upstream>): FindTarget {
  const defaultUpstream = upstreams.get('default')
  const anthropicUpstream = findAnthropic(upstreams)
  const byPrefix = new Map([[vendorPrefix, defaultUpstream], [anthropic, anthropicUpstream], ...upstreams])
  const find = (method: string, url: string, headers?: IncomingHttpHeaders): ReturnType<FindTarget> => {
    const split = splitRequestPath(url)
    if (split === undefined) return unknownPath(url)
    const { thread, name, rest, lacksVersion } = split
    if (lacksThread(split, upstreams)) return missingThread(url)
    if (lacksVersion && !isPlain(split, byPrefix)) return unknownPath(url)
    const isAnthropic = name === undefined && isAnthropicCall(`/v1${withoutQuery(rest)}`, headers)
    const upstream = isAnthropic ? (anthropicUpstream ?? defaultUpstream) : byPrefix.get(name ?? 'default')
    if (upstream === undefined) return unknownUpstream(name ?? 'default', upstreams)
    const below = withoutRepeatedBase(rest, upstream.basePath)
    const route = `/v1${withoutQuery(below)}`
    const operation = method === 'POST' ? operationOf(route) : 'relay'
    const path = joinQuery(upstream.basePath + below, upstream.query)
    if (thread === undefined) return { upstream, route, path, operation }
    return { upstream, route, path, operation, threadId: percentDecoded(thread), pathThread: thread }
  }
  return rememberTargets((method, url, headers) => {
    const target = find(method, url, headers)
    // What another server would read as a host (RFC 3986 §4.2), unless it cannot be meant as one.
    return 'failure' in target && url.startsWith('//') ? notAPath : target
  })
}

/** `/t//v1/...`, `/t/v1/...`: a client whose thread id is empty. */
const lacksThread = (
  { thread, name, lacksVersion }: RequestPath,
  upstreams: ReadonlyMap<string, Upstream>,
): boolean =>
  (thread === undefined && name === 't') ||
  (thread !== undefined && lacksVersion === true && (thread === 'v1' || upstreams.has(thread)))

/** Without `/v1`, whether the path can be read in one way only. */
function isPlain({ name, rest }: RequestPath, byPrefix: ReadonlyMap<string, unknown>): boolean {
  if (name !== undefined) return byPrefix.has(name)
  return !byPrefix.has(rest.split(/[/?]/)[1] ?? '')
}

const plainVersion = /^(?:\/+v1(?=[/?]|$))+/
const openaiVersion = /^(?:(?:\/+openai)?\/+v1(?=[/?]|$))+/

/**
 * A base URL with `/v1` in a client that adds it as well: `/v1/v1/...`. Where the upstream's own path has no version, the
 * second one may be meant for it.
 */
function withoutRepeatedBase(rest: string, basePath: string): string {
  if (!/^\/(?:v1|openai)[/?]/.test(rest) || !/\/v\d/.test(basePath)) return rest
  const repeated = basePath.endsWith('/openai/v1') ? openaiVersion : plainVersion
  return rest.replace(repeated, '').replace(/^\/{2,}/, '/')
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

function withoutQuery(rest: string): string {
  const query = rest.indexOf('?')
  return query < 0 ? rest : rest.slice(0, query)
}

const unknownPath = (url: string) => ({
  failure: {
    code: 'unknown_path' as const,
    message:
      `${withoutQuery(url)} is not a path to an upstream: the base URL of the client must end with /v1 (of ` +
      "Anthropic's SDKs before it), /<upstream name>/v1 or /t/<thread id>/v1",
  },
})

const missingThread = (url: string) => ({
  failure: {
    code: 'unknown_path' as const,
    message: `${withoutQuery(url)} names no thread: write /t/<thread id>/v1/..., or leave /t/ out`,
  },
})

const notAPath = {
  failure: {
    code: 'ambiguous_request' as const,
    message: 'the request target must be a path; point the client at this address as its base URL',
  },
}

const unknownUpstream = (name: string, upstreams: ReadonlyMap<string, Upstream>) => ({
  failure: {
    code: 'unknown_upstream' as const,
    message: `there is no upstream called "${name}"; there are ${[...upstreams.keys()].join(', ')} (UPSTREAMS)`,
  },
})
