import type { CallDetail, CallStore, ThreadSummary } from '../../admin/call-store.ts'

/** Calls of a thread in the order in which they began, each with the one that it follows. */
export type Conversation = {
  readonly thread: ThreadSummary
  readonly turns: readonly ConversationTurn[]
  /** Where older calls are. */
  readonly next?: string
}

export type ConversationTurn = {
  readonly call: CallDetail
  /** By its link, else the call before it in the thread. */
  readonly parent: CallDetail | undefined
}

type Query = { readonly thread: string; readonly limit: number; readonly before?: string }

/** @returns undefined where no call of the thread is kept */
export async function readConversation(store: CallStore, query: Query): Promise<Conversation | undefined> {
  const [summary] = (await store.searchThreads({ thread: query.thread, limit: 1 })).found
  if (summary === undefined) return undefined
  const { found, next } = await store.searchCalls(query)
  const calls: CallDetail[] = []
  // One after the other, because each may be a megabyte.
  for (const { id } of found.toReversed()) {
    const call = await store.call(id)
    if (call !== undefined) calls.push(call)
  }
  const turns: ConversationTurn[] = []
  for (const [at, call] of calls.entries()) {
    const id = call.link?.parentCallId
    const parent =
      id === undefined ? calls[at - 1] : (calls.find((other) => other.id === id) ?? (await store.call(id)))
    turns.push({ call, parent })
  }
  return { thread: summary, turns, ...(next !== undefined && { next }) }
}
