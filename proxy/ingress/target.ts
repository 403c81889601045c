import { percentDecoded } from '../../shared/http/percent-decoded.ts'
import type { Operation } from '../../shared/record/record.ts'
import type { Failure } from './failures.ts'

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

export type FindTarget = (method: string, url: string) => Target | { readonly failure: Failure }

/**
 * groq-sdk and Azure's v1 API append `/openai/v1/...` to their base URL, so with the default upstream set to Groq or
 * Azure only the base URL has to change.
 */
const vendorPrefix = 'openai'

/**
 * Parses request targets: `/v1/...` and `/<upstream name>/v1/...`, either after `/t/<thread id>`, for clients that can
 * only set a base URL. The upstream URL is built from its settings and the rest of the path, never from a host that
 * the client names.
 * @param upstreams by name; `default` serves `/v1/...`
 */
export function targetFinder(upstreams: ReadonlyMap<string, Upstream>): FindTarget {
  return (method, url) => {
    const { thread, name, rest } = splitUrl(url)
    if (rest === undefined) return unknownPath(url)
    const upstream = upstreams.get(name) ?? (name === vendorPrefix ? upstreams.get('default') : undefined)
    if (upstream === undefined) return unknownUpstream(name)
    const route = `/v1${withoutQuery(rest)}`
    const operation = method === 'POST' ? operationOf(route) : 'relay'
    const path = upstream.basePath + rest
    if (thread === undefined) return { upstream, route, path, operation }
    return { upstream, route, path, operation, threadId: percentDecoded(thread), pathThread: thread }
  }
}

/** `/t/lesson%204/groq/v1/models?x=1` → `{thread: 'lesson%204', name: 'groq', rest: '/models?x=1'}`. */
function splitUrl(url: string): { thread?: string | undefined; name: string; rest?: string } {
  const match = /^(?:\/t\/([^/?]+))?(?:\/([^/?]+))??\/v1(?=[/?]|$)(.*)$/.exec(url)
  if (match === null) return { name: '' }
  return { thread: match[1], name: match[2] ?? 'default', rest: match[3] ?? '' }
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

const unknownUpstream = (name: string) => ({
  failure: {
    code: 'unknown_upstream' as const,
    message: `no upstream is called "${name}"; UPSTREAMS names them`,
  },
})

const operations: readonly (readonly [ending: string, operation: Operation])[] = [
  ['/chat/completions', 'chat'],
  ['/completions', 'text_completion'],
  ['/responses', 'responses'],
  ['/embeddings', 'embeddings'],
  ['/rerank', 'rerank'],
  ['/moderations', 'moderation'],
  ['/images/generations', 'image'],
  ['/images/edits', 'image'],
  ['/images/variations', 'image'],
  ['/audio/speech', 'audio'],
  ['/audio/transcriptions', 'audio'],
  ['/audio/translations', 'audio'],
]

/** By the end of the path, because Azure and others put deployments and projects in front. */
function operationOf(route: string): Operation {
  const path = route.endsWith('/') ? route.slice(0, -1) : route
  return operations.find(([ending]) => path.endsWith(ending))?.[1] ?? 'relay'
}
