import type { CallFilter } from '../../shared/admin/call-search.ts'
import type { CallSummary } from '../../shared/admin/call-store.ts'
import { hasFailed } from './summarise.ts'

/** @returns whether a call is one that a filter means, its `text` and `thread` apart */
export function matcherOf(filter: CallFilter): (call: CallSummary) => boolean {
  const { errors, slowerThanMs = Number.NEGATIVE_INFINITY, from = Number.NEGATIVE_INFINITY } = filter
  const { to = Number.POSITIVE_INFINITY } = filter
  const isModel = contains(filter.model)
  const isUpstream = equals(filter.upstream)
  const isUser = equals(filter.user)
  const isSession = equals(filter.session)
  const isAgent = contains(filter.agent)
  return (call) =>
    (errors === undefined || hasFailed(call)) &&
    (slowerThanMs < 0 || call.durationMs > slowerThanMs) &&
    call.startedAt >= from &&
    call.startedAt < to &&
    isModel(call.model) &&
    isUpstream(call.upstream) &&
    isUser(call.userId) &&
    isSession(call.sessionId) &&
    isAgent(call.agent ?? call.agentKey)
}

type Test = (value: string | undefined) => boolean

function equals(wanted: string | undefined): Test {
  const lower = wanted?.toLowerCase()
  return (value) => lower === undefined || value?.toLowerCase() === lower
}

function contains(wanted: string | undefined): Test {
  const lower = wanted?.toLowerCase()
  return (value) => lower === undefined || value?.toLowerCase().includes(lower) === true
}
