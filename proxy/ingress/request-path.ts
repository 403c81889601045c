/** A request path, taken apart: `/t/<thread id>`, `/<upstream name>`, `/v1`, and what a call names below it. */
export type RequestPath = {
  /** As it stands in the path. */
  readonly thread?: string
  readonly name?: string
  /** From behind `/v1` on, with a slash before it and the query behind it; may be empty. */
  readonly rest: string
  /** The client's base URL lacks `/v1`. */
  readonly lacksVersion?: true
}

/** First segments of what a call can name below `/v1`. */
const resources =
  'assistants|audio|batches|chat|completions|containers|conversations|embeddings|evals|files|fine_tuning|images|messages|models|moderations|organization|realtime|rerank|responses|skills|threads|uploads|vector_stores|videos'

/** Nearly every call: saves taking it apart. */
const usual = /^\/v1\/[^/?]/

const withVersion = /^(?:\/([^/]+))??\/v1(?:\/+(.*))?$/
const withoutVersion = new RegExp(`^(?:/([^/]+))??/+((?:${resources})(?:/.*)?)$`)

/**
 * Understands what clients make of a base URL: `/v1/...`, `/<upstream name>/v1/...`, either after `/t/<thread id>`; with
 * slashes too many where the base URL ends, and without `/v1` where a resource of the API follows.
 * @returns undefined where the path is none of these
 */
export function splitRequestPath(url: string): RequestPath | undefined {
  if (usual.test(url)) return { rest: url.slice('/v1'.length) }
  const query = url.indexOf('?')
  const path = query < 0 ? url : url.slice(0, query)
  const [, thread, inThread] = /^\/+t\/([^/]+)(\/.*)$/.exec(path) ?? []
  const threadless = (inThread ?? path).replace(/^\/{2,}/, '/')
  const parts = thread === undefined ? {} : { thread }
  const search = query < 0 ? '' : url.slice(query)
  // Where the base URL of a named upstream ends with a slash.
  const found = withVersion.exec(threadless.replace(/^(\/[^/]+)\/{2,}v1(?=\/|$)/, '$1/v1'))
  if (found !== null) {
    const [, name, rest] = found
    return { ...parts, ...(name !== undefined && { name }), rest: restOf(rest, search) }
  }
  const short = withoutVersion.exec(threadless)
  if (short === null) return undefined
  const [, name, rest] = short
  return { ...parts, ...(name !== undefined && { name }), rest: restOf(rest, search), lacksVersion: true }
}

const restOf = (path: string | undefined, search: string): string =>
  path === undefined ? search : `/${path}${search}`
