import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { LinkRefusal, ToolSpan } from '../../shared/record/run.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { type AgentIdentity, identify, type Quote, usesTools } from './agents.ts'
import { createCallIndex, type IndexLimits } from './call-index.ts'
import type { CallNode } from './call-node.ts'
import { comparableText } from './comparable-text.ts'
import { createEvidenceReader, type EvidenceReader, type RequestEvidence } from './evidence.ts'
import { findParent } from './find-parent.ts'
import { createKeyedHash, type KeyedHash } from './keyed-hash.ts'
import { learnCall } from './learn-call.ts'
import { createOpenToolCalls } from './open-tool-calls.ts'
import type { Place } from './place.ts'
import { createPlacement, type ShownIdentity } from './placement.ts'
import type { RememberedCall } from './remembered-call.ts'
import { stitchedFrom } from './stitched.ts'
import type { AnsweredCall, EndedCall, Stitched } from './stitched-call.ts'
import { equalMinLength, traceOf } from './text-trace.ts'
import { answeredToolSpans, providerToolSpans, toolCallNodes } from './tool-spans.ts'

export type StitcherOptions = {
  /** Secret of the installation. */
  readonly key: string
  readonly clock: Clock
  /** For names of agents. */
  readonly quote: Quote
  readonly limits?: IndexLimits
  /** Other processes look up what this one remembers. */
  readonly isShared?: boolean
  /** Called with each call that is new or has changed. */
  readonly onRemembered?: (calls: readonly RememberedCall[]) => void
}

/** Links calls to the runs that they belong to. It does no I/O, and remembers ids and hashes only. */
export type Stitcher = {
  /** Called once for each call that is over, in the order in which they end. */
  stitch(call: EndedCall): Stitched
  /** @returns the keys under which others may know what the call follows; none where it is known here, or follows nothing */
  unknownKeys(call: EndedCall): readonly string[]
  /**
   * Called when the answer of a call has come that it did not have when it ended.
   * @returns spans of the tools that the provider ran
   */
  learnAnswer(call: AnsweredCall): readonly ToolSpan[]
  /** Takes over what others remember, or an earlier process. */
  learn(calls: readonly RememberedCall[]): void
}

export function createStitcher(options: StitcherOptions): Stitcher {
  const { key, clock, quote, limits, isShared = false, onRemembered } = options
  const hash = createKeyedHash(key)
  const evidence = createEvidenceReader(hash)
  const index = createCallIndex(clock, limits)
  const openToolCalls = createOpenToolCalls(hash)
  const placement = createPlacement(index, openToolCalls)

  /** It is asked for twice where others may know what a call follows. */
  const evidences = new WeakMap<EndedCall, RequestEvidence>()
  function evidenceOf(call: EndedCall): RequestEvidence {
    const { scope, conversation, hasSession } = call
    const request = evidences.get(call) ?? evidence.ofRequest(scope, conversation, hasSession)
    evidences.set(call, request)
    return request
  }

  function remember(call: EndedCall, request: RequestEvidence, place: Place): void {
    const node = nodeOf(call, request, place, toolCallNodes(call, evidence, hash))
    index.add(node, [...evidence.ofAnswer(call.scope, request, call.answer), ...argumentKeysOf(node)])
    openToolCalls.add(node)
  }

  /** By which sub-agents in other processes find it. */
  const argumentKeysOf = ({ scope, toolCalls }: Pick<CallNode, 'scope' | 'toolCalls'>): readonly string[] =>
    isShared
      ? evidence.argumentKeys(
          scope,
          toolCalls.flatMap(({ texts }) => texts.map(({ whole }) => whole)),
        )
      : []

  /** Passes on what has become of calls. */
  function passOn(ids: readonly (string | undefined)[]): void {
    const nodes = new Set(ids.flatMap((id) => (id === undefined ? [] : (index.get(id) ?? []))))
    onRemembered?.([...nodes].map((node) => ({ node, keys: index.keysOf(node.id) })))
  }

  return {
    stitch(call) {
      const request = evidenceOf(call)
      const search = findParent(index, request)
      const same = index.find(evidence.requestKey(request))
      const identity = identityOf(call, hash, quote)
      const place = placement.placeOf(call, search, same, identity)
      const parent = place.parentId === undefined ? undefined : index.get(place.parentId)
      const follows = parent !== undefined && place.relation !== 'subagent'
      // A caller who instruments himself has spans of his own for his tools.
      const isInstrumented = place.callerSpanId !== undefined
      const isNewest = search !== undefined && 'node' in search && search.turnsAgo === 0
      const tools =
        follows && !isInstrumented ? answeredToolSpans(call, parent, evidence, index, isNewest) : []
      if (follows && !call.isFailed) parent.continuations += 1
      remember(call, request, place)
      passOn([call.id, parent?.id, place.attemptOf, ...tools.map(({ askedBy }) => askedBy)])
      const toolSpans = [...tools, ...providerToolSpans(call)]
      return stitchedFrom(call, place, search, () => identity.agent().name, toolSpans)
    },

    unknownKeys(call) {
      const request = evidenceOf(call)
      const search = findParent(index, request)
      // Of a call that answered an earlier turn others may know what followed it.
      const isKnown = search !== undefined && ('node' in search ? search.turnsAgo === 0 : isTie(search))
      if (isKnown) return []
      const isAlone = search === undefined && call.attemptOf === undefined
      return isAlone ? callersKeys(call, evidence, hash) : evidence.searchKeys(request)
    },

    learnAnswer(call) {
      const before = index.get(call.id)
      if (before !== undefined) {
        const { scope, prefix } = before
        const toolCalls = toolCallNodes({ ...call, scope }, evidence, hash)
        const node = { ...before, endedAt: call.endedAt, toolCalls }
        const keys = [...evidence.ofLaterAnswer(scope, prefix, call.answer), ...argumentKeysOf(node)]
        index.add(node, [...index.keysOf(call.id), ...keys])
        openToolCalls.add(node)
        passOn([call.id])
      }
      return providerToolSpans(call)
    },

    learn(calls) {
      for (const call of calls) openToolCalls.add(learnCall(index, call))
    },
  }
}

const isTie = ({ refused }: { readonly refused: LinkRefusal }): boolean => refused === 'ambiguous'

/** The keys of the call in whose tool this one may be the first of an agent. */
function callersKeys(call: EndedCall, evidence: EvidenceReader, hash: KeyedHash): readonly string[] {
  const text = firstText(call)
  if (text === undefined || text.length < equalMinLength) return []
  return evidence.argumentKeys(call.scope, [traceOf(text, hash).whole])
}

/** Comparable; undefined where the caller names the trace, or the model begins. */
function firstText({ isExplicit, conversation }: EndedCall): string | undefined {
  const [first] = conversation.blocks
  return isExplicit || first?.by !== 'client' ? undefined : comparableText(first.texts.join('\n'))
}

/** @returns who made a call; its name and hash are made once somebody asks */
function identityOf(
  { conversation, answer, agentKey }: EndedCall,
  hash: KeyedHash,
  quote: Quote,
): ShownIdentity {
  const { agent, blocks } = conversation
  const hasTools = agent.tools.length > 0 || usesTools(blocks) || usesTools(answer.blocks)
  const isShown = hasTools || agentKey !== undefined
  let identity: AgentIdentity | undefined
  const identified = (): AgentIdentity => {
    identity ??= identify(agent, agentKey, hash, quote)
    return identity
  }
  return { agent: identified, isShown }
}

function nodeOf(
  { id, scope, startedAt, endedAt, isFailed }: EndedCall,
  { prefix, request }: RequestEvidence,
  place: Place,
  toolCalls: CallNode['toolCalls'],
): CallNode {
  const { traceId, isExplicit, callerSpanId, parentId, run, step, agent } = place
  return {
    ...{ id, scope, traceId, isExplicit, run, step, prefix, request, isFailed, startedAt, endedAt },
    ...{ toolCalls, continuations: 0 },
    ...omitUndefined({ callerSpanId, parentId, agent }),
  }
}
