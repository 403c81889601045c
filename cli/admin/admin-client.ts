import type { Found, Search } from '../../shared/admin/call-search.ts'
import {
  type CallDetail,
  type CallQuery,
  type CallStore,
  type CallSummary,
  noSuchCall,
  type ThreadSummary,
} from '../../shared/admin/call-store.ts'
import type { DeadLetter, DeadLetterSummary, DeadLetters, Replay } from '../../shared/admin/dead-letters.ts'
import { noSuchRun, type RunDetail, type RunSummary } from '../../shared/admin/runs.ts'
import { parametersOf } from '../../shared/admin/search-params.ts'
import { reasonOf } from '../../shared/error-cause.ts'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { CommandFailed } from '../terminal/outcome.ts'

/** Nothing listens on the admin port. */
export class NotRunning extends CommandFailed {
  /** The message without what to do about it, and without a full stop. */
  readonly what: string

  constructor(url: string, cause: unknown) {
    const what = `No threadtap answers at ${url} (${reasonOf(cause)})`
    super(`${what}: threadtap start runs one; ADMIN_PORT or --admin say where another is.`, { cause })
    this.what = what
  }
}

/** The process answered with an error of the API. */
class Refused extends CommandFailed {
  readonly reason: string

  constructor(url: string, reason: string) {
    super(`threadtap at ${url} refused: ${reason}.`)
    this.reason = reason
  }
}

export type AdminAddress = { readonly url: string; readonly token?: string }

/** Client of a running process's admin port. Rejects with CommandFailed on an error response. */
export type AdminClient = { readonly calls: CallStore; readonly dead: DeadLetters }

export function adminClient(admin: AdminAddress): AdminClient {
  return {
    calls: {
      threads: ({ limit }) => request<ThreadSummary[]>(admin, `/api/threads?limit=${limit}`),
      calls: (query) => request<CallSummary[]>(admin, `/api/calls?${searchParams(query)}`),
      call: (id) =>
        request<CallDetail>(admin, `/api/calls/${encodeURIComponent(id)}`).catch(undefinedIfUnknown),
      runs: ({ limit }) => request<RunSummary[]>(admin, `/api/runs?limit=${limit}`),
      run: (id) => request<RunDetail>(admin, `/api/runs/${encodeURIComponent(id)}`).catch(undefinedIfUnknown),
      searchCalls: (search) => find<CallSummary>(admin, '/api/calls', search),
      searchThreads: (search) => find<ThreadSummary>(admin, '/api/threads', search),
      searchRuns: (search) => find<RunSummary>(admin, '/api/runs', search),
    },
    dead: {
      list: ({ limit }) => request<DeadLetterSummary[]>(admin, `/api/dead?limit=${limit}`),
      read: (id) => request<DeadLetter>(admin, `/api/dead/${encodeURIComponent(id)}`),
      replay: (ids) => request<Replay>(admin, '/api/dead/replay', JSON.stringify({ ids })),
      purge: async (ids) =>
        (await request<{ readonly purged: number }>(admin, '/api/dead/purge', JSON.stringify({ ids })))
          .purged,
    },
  }
}

function undefinedIfUnknown(cause: unknown): undefined {
  const isUnknown = cause instanceof Refused && (cause.reason === noSuchCall || cause.reason === noSuchRun)
  if (!isUnknown) throw cause
}

function searchParams({ thread, limit, before }: CallQuery): URLSearchParams {
  return new URLSearchParams(omitUndefined({ limit: String(limit), thread, before }))
}

async function find<T>(admin: AdminAddress, path: string, search: Search): Promise<Found<T>> {
  const { limit, before, ...filter } = search
  const parameters = omitUndefined({ ...parametersOf(filter), limit: String(limit), before })
  const { result, link } = await respond<T[]>(admin, `${path}?${new URLSearchParams(parameters)}`)
  const next = nextIn(link)
  return { found: result, ...(next !== undefined && { next }) }
}

/** @returns `before` of the address that a list goes on at (RFC 8288) */
function nextIn(link: string | null): string | undefined {
  const [, address] = /<([^>]*)>; rel="next"/.exec(link ?? '') ?? []
  if (address === undefined) return undefined
  return new URL(address, 'http://admin').searchParams.get('before') ?? undefined
}

/** @param body sent with POST; without one the request is a GET */
async function request<T>(admin: AdminAddress, path: string, body?: string): Promise<T> {
  return (await respond<T>(admin, path, body)).result
}

type AdminResponse<T> = { readonly result: T /** Header. */; readonly link: string | null }

async function respond<T>(
  { url, token }: AdminAddress,
  path: string,
  body?: string,
): Promise<AdminResponse<T>> {
  const init = omitUndefined({
    method: body === undefined ? undefined : 'POST',
    body,
    headers: omitUndefined({ authorization: token === undefined ? undefined : `Bearer ${token}` }),
  })
  const response = await fetch(`${url}${path}`, init).catch((cause) => {
    throw new NotRunning(url, cause)
  })
  const result = parseJson(await response.text())
  if (response.ok && result !== undefined) return { result: result as T, link: response.headers.get('link') }
  const error = isJsonObject(result) ? result.error : undefined
  if (typeof error === 'string') throw new Refused(url, error)
  throw new CommandFailed(`What answers at ${url} is not threadtap (status ${response.status}).`)
}
