import type { AgentIdentity } from './agents.ts'
import type { CallIndex } from './call-index.ts'
import type { CallNode } from './call-node.ts'
import type { Search } from './find-parent.ts'
import type { OpenToolCalls } from './open-tool-calls.ts'
import { type Place, placeAfter, placeAttempt, placeRoot, placeSubAgent } from './place.ts'
import type { EndedCall } from './stitched-call.ts'

export type Placement = {
  /**
   * @param search what the call follows, by what it shows
   * @param same earlier calls with the same request
   * @param identity of the agent, if it is one; read where it is needed
   */
  placeOf(call: EndedCall, search: Search, same: readonly CallNode[], identity: ShownIdentity): Place
}

/** Which agent a call is of; a call without tools and without a key may be a chat. */
export type ShownIdentity = { readonly agent: () => AgentIdentity; readonly isShown: boolean }

/** A client that repeats what failed does so within this time. */
const retryWithinMs = 120_000

/** A client may have seen a failure before it is noted. */
const earlyMs = 100

/** Decides where calls belong, by the calls before them. */
export function createPlacement(index: CallIndex, openToolCalls: OpenToolCalls): Placement {
  /** The one call that this repeats because it failed. */
  function failedAttempt(call: EndedCall, same: readonly CallNode[]): CallNode | undefined {
    const first = call.attemptOf === undefined ? undefined : index.get(call.attemptOf)
    if (first !== undefined && mayFollow(call, first)) return first
    const [only, ...others] = same.filter((node) => isRepeated(call, node))
    return others.length === 0 ? only : undefined
  }

  function placeAsSubAgent(call: EndedCall, agent: () => AgentIdentity): Place | undefined {
    const [first] = call.conversation.blocks
    if (call.isExplicit || first?.by !== 'client' || first.texts.length === 0) return undefined
    const { scope, startedAt } = call
    if (!openToolCalls.hasAny(scope)) return undefined
    const identity = agent()
    const caller = openToolCalls.callerOf({ scope, startedAt, identity, text: first.texts.join('\n') })
    if (caller === undefined || caller === 'several' || caller.node.isExplicit) return undefined
    return placeSubAgent(call, caller.node, identity, caller.toolSpanId ?? caller.node.agent?.spanId)
  }

  return {
    placeOf(call, search, same, { agent, isShown }) {
      const identity = isShown ? agent() : undefined
      const isFound = search !== undefined && 'node' in search && mayFollow(call, search.node)
      const found = isFound ? search : undefined
      const siblings = same.filter(({ parentId }) => parentId === found?.node.id)
      const failed = failedAttempt(call, siblings)
      if (failed !== undefined) {
        failed.continuations += 1
        return placeAttempt(call, failed, found?.kind ?? 'history')
      }
      const isRepeated = siblings.some(({ isFailed }) => !isFailed)
      if (found !== undefined) return placeAfter(call, found, identity, isRepeated)
      const subAgent = search === undefined ? placeAsSubAgent(call, agent) : undefined
      return subAgent ?? placeRoot(call, identity)
    },
  }
}

/**
 * Nothing is linked across scopes: keys have the scope in them, and this is for the day when one has not. What the caller
 * named stays: a call with a trace of its own follows none of another trace.
 */
const mayFollow = (call: EndedCall, node: CallNode): boolean =>
  node.scope === call.scope && (!call.isExplicit || node.traceId === call.traceId)

const isRepeated = (call: EndedCall, node: CallNode): boolean =>
  node.isFailed &&
  node.continuations === 0 &&
  node.endedAt <= call.startedAt + earlyMs &&
  call.startedAt - node.endedAt <= retryWithinMs &&
  mayFollow(call, node)
