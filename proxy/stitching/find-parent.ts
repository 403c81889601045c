import type { LinkKind, LinkRefusal } from '../../shared/record/run.ts'
import type { CallIndex } from './call-index.ts'
import type { CallNode } from './call-node.ts'
import type { RequestEvidence } from './evidence.ts'
import type { ModelTurn } from './model-turn.ts'

/** The call that another one follows, and by which evidence. */
export type Found = {
  readonly node: CallNode
  readonly kind: LinkKind
  /** How many turns of the model came after its answer: 0 where it is the last one in the history. */
  readonly turnsAgo: number
}

export type Search = Found | { readonly refused: LinkRefusal } | undefined

const ambiguous = { refused: 'ambiguous' } as const

/**
 * Finds the call that a request follows, by the first signal that fits exactly one. Several that fit equally well are
 * refused, except where all but one have been continued already.
 * @returns undefined where it shows no history at all
 */
export function findParent(index: CallIndex, request: RequestEvidence): Search {
  const { previousResponse, conversation, turns } = request
  if (previousResponse !== undefined) {
    const named = only(index.find(previousResponse))
    if (named === undefined) return { refused: 'response_id_unknown' }
    return named === 'several' ? ambiguous : { node: named, kind: 'response_id', turnsAgo: 0 }
  }
  if (conversation !== undefined) {
    const latest = latestOf(index, index.find(conversation), turns)
    if (latest !== undefined) return { node: latest, kind: 'conversation', turnsAgo: 0 }
  }
  for (const [turnsAgo, turn] of turns.entries()) {
    const found = followed(index, turn)
    if (found === 'several') return ambiguous
    if (found !== undefined) return { ...found, turnsAgo }
  }
  const [last] = turns
  if (last === undefined) return undefined
  const [resort, ...others] = new Set(last.lastResorts.flatMap((key) => index.find(key)))
  if (resort !== undefined && others.length === 0) return { node: resort, kind: 'history', turnsAgo: 0 }
  return { refused: last.isShort ? 'short_answer' : 'history_unknown' }
}

type Followed = Pick<Found, 'node' | 'kind'> | 'several' | undefined

/** The surest first. */
const signals = [
  ['uniqueTools', 'tool_id'],
  ['plainTools', 'tool_id'],
  ['items', 'item'],
  ['answers', 'history'],
] as const

/** The call whose answer this is. */
function followed(index: CallIndex, turn: ModelTurn): Followed {
  let isAmbiguous = false
  for (const [signal, kind] of signals) {
    const node = best(index, turn[signal], turn.prefix)
    if (node === 'several') isAmbiguous = true
    else if (node !== undefined) return { node, kind }
  }
  return isAmbiguous ? 'several' : undefined
}

/** Of the calls that most of the keys lead to, the one with the same history; else the only one. */
function best(index: CallIndex, keys: readonly string[], prefix: string): CallNode | 'several' | undefined {
  const hits = new Map<CallNode, number>()
  for (const key of keys) for (const node of index.find(key)) hits.set(node, (hits.get(node) ?? 0) + 1)
  const most = Math.max(...hits.values())
  const fitting = [...hits].filter(([, count]) => count === most).map(([node]) => node)
  const sameHistory = fitting.filter((node) => node.prefix === prefix)
  return only(sameHistory.length > 0 ? sameHistory : fitting)
}

function only(nodes: readonly CallNode[]): CallNode | 'several' | undefined {
  if (nodes.length <= 1) return nodes[0]
  const [open, ...others] = nodes.filter(({ continuations }) => continuations === 0)
  return open === undefined || others.length > 0 ? 'several' : open
}

/** The call whose tools ran, else the one that ended last. */
function latestOf(
  index: CallIndex,
  nodes: readonly CallNode[],
  turns: readonly ModelTurn[],
): CallNode | undefined {
  const asking = new Set(turns.flatMap(({ uniqueTools }) => uniqueTools.flatMap((key) => index.find(key))))
  const candidates = nodes.filter((node) => asking.has(node))
  return (candidates.length > 0 ? candidates : nodes).reduce<CallNode | undefined>(
    (latest, node) => (latest === undefined || node.endedAt >= latest.endedAt ? node : latest),
    undefined,
  )
}
