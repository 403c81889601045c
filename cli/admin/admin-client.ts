import type { CallQuery, CallStore, CallSummary, ThreadSummary } from '../../shared/admin/call-store.ts'
import type { DeadLetter, DeadLetterSummary, DeadLetters, Replay } from '../../shared/admin/dead-letters.ts'
import { reasonOf } from '../../shared/error-cause.ts'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { CommandFailed } from '../terminal/outcome.ts'

/** Nothing listens on the admin port. */
export class NotRunning extends CommandFailed {}

export type AdminAddress = { readonly url: string; readonly token?: string }

/** A running process, asked through its admin port; what it refuses or does not have rejects as CommandFailed. */
export type AdminClient = { readonly calls: CallStore; readonly dead: DeadLetters }

export function adminClient(admin: AdminAddress): AdminClient {
  return {
    calls: {
      threads: ({ limit }) => ask<ThreadSummary[]>(admin, `/api/threads?limit=${limit}`),
      calls: (query) => ask<CallSummary[]>(admin, `/api/calls?${searchOf(query)}`),
      call: (id) => ask<InferenceRecord>(admin, `/api/calls/${encodeURIComponent(id)}`),
    },
    dead: {
      list: ({ limit }) => ask<DeadLetterSummary[]>(admin, `/api/dead?limit=${limit}`),
      read: (id) => ask<DeadLetter>(admin, `/api/dead/${encodeURIComponent(id)}`),
      replay: (ids) => ask<Replay>(admin, '/api/dead/replay', JSON.stringify({ ids })),
    },
  }
}

function searchOf({ thread, limit, before }: CallQuery): URLSearchParams {
  const search = new URLSearchParams({ limit: String(limit) })
  if (thread !== undefined) search.set('thread', thread)
  if (before !== undefined) search.set('before', before)
  return search
}

/** @param body makes it a POST */
async function ask<T>({ url, token }: AdminAddress, path: string, body?: string): Promise<T> {
  const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }) }
  const answer = await fetch(`${url}${path}`, {
    headers,
    ...(body !== undefined && { method: 'POST', body }),
  }).catch((cause) => {
    throw new NotRunning(`No threadtap answers at ${url} (${reasonOf(cause)}).`, { cause })
  })
  const said = parseJson(await answer.text())
  if (answer.ok && said !== undefined) return said as T
  const error = isJsonObject(said) ? said.error : undefined
  throw new CommandFailed(
    typeof error === 'string'
      ? `threadtap at ${url} refused: ${error}.`
      : `What answers at ${url} is not threadtap (status ${answer.status}).`,
  )
}
