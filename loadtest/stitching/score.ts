import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, type Json, parseJson } from '../../shared/json.ts'
import type { LinkKind } from '../../shared/record/run.ts'
import type { Api } from '../../shared/recordings/recorded-runs.ts'
import type { Replayed } from './replay.ts'
import { askedTools, isContinuation, type RecordedTool, recordedTools } from './truth.ts'

export type Counts = { readonly links: number; readonly wrong: number }
export type Recall = { readonly expected: number; readonly found: number }

export type Score = {
  readonly calls: number
  readonly total: Counts & Recall
  readonly byKind: ReadonlyMap<LinkKind, Counts>
  readonly byApi: ReadonlyMap<Api, Recall & Counts>
  /** Tools of linked calls whose results came, and how many have exactly their name, arguments and result. */
  readonly tools: { readonly expected: number; readonly exact: number }
  /** One line for each link that is wrong, missing, or has a tool that is not exact. */
  readonly problems: readonly string[]
}

/** Counts links against the recordings: a link is right where it leads to an earlier call of the same recording. */
export function scoreOf(replayed: readonly Replayed[]): Score {
  const byId = new Map(replayed.map((call) => [call.record.id, call]))
  const judged = replayed.map((call) => judge(call, byId))
  const byKind = groupBy(judged, ({ kind }) => kind)
  const byApi = groupBy(judged, ({ api }) => api)
  const linked = [...byKind].map(([kind, calls]) => [kind, countsOf(calls)] as const)
  return {
    calls: replayed.length,
    total: { ...countsOf(judged), ...recallOf(judged) },
    byKind: new Map(linked.filter(([, { links }]) => links > 0)),
    byApi: new Map([...byApi].map(([api, calls]) => [api, { ...countsOf(calls), ...recallOf(calls) }])),
    tools: {
      expected: judged.reduce((sum, { tools }) => sum + tools.expected, 0),
      exact: judged.reduce((sum, { tools }) => sum + tools.exact, 0),
    },
    problems: judged.flatMap(({ problem }) => problem ?? []),
  }
}

type Judgement = {
  readonly kind: LinkKind
  readonly api: Api
  readonly link: 'right' | 'wrong' | undefined
  readonly isExpected: boolean
  readonly tools: Score['tools']
  readonly problem: string | undefined
}

function judge(call: Replayed, byId: ReadonlyMap<string, Replayed>): Judgement {
  const { recording, at, record } = call
  const { kind = 'none', parentCallId, refused } = record.link ?? {}
  const parent = parentCallId === undefined ? undefined : byId.get(parentCallId)
  const isLinked = parentCallId !== undefined
  const isRight = parent?.recording === recording && parent.at < at
  const link = isLinked ? (isRight ? 'right' : 'wrong') : undefined
  const isExpected = isContinuation(recording, at)
  const tools = link === 'right' && parent !== undefined ? judgeTools(call, parent, byId) : noTools
  const place = `${recording.file} call ${at} (${call.call.api})`
  const problem =
    link === 'wrong'
      ? `${place}: linked to ${parent?.recording.file} call ${parent?.at} by ${kind}`
      : isExpected && link === undefined
        ? `${place}: not linked (${refused ?? kind})`
        : tools.exact < tools.expected
          ? `${place}: ${tools.exact} of ${tools.expected} tools exact`
          : undefined
  return { kind, api: call.call.api, link, isExpected, tools, problem }
}

const noTools = { expected: 0, exact: 0 }

/** A result that was sent before, to a call that was generated again, is not expected again. */
function judgeTools(call: Replayed, parent: Replayed, byId: ReadonlyMap<string, Replayed>): Score['tools'] {
  const asked = askedTools(parent.call)
  const spans = call.record.toolSpans ?? []
  const siblings = [...byId.values()].filter(
    ({ record, recording }) => recording === call.recording && record.link?.parentCallId === parent.record.id,
  )
  const isFirst = siblings.every(({ at }) => at >= call.at)
  const isStream = parent.call.sse !== undefined
  const expected = recordedTools(call.call).filter(({ id }) => isFirst && (isStream || asked.has(id)))
  const left = [...spans]
  const exact = expected.filter((tool) => {
    const called = asked.get(tool.id) ?? { name: tool.name, args: tool.args }
    const found = left.findIndex(
      (span) =>
        span.callId === tool.id &&
        span.name === called.name &&
        isDeepStrictEqual(span.arguments, parsed(called.args)) &&
        isDeepStrictEqual(
          withoutMedia(span.result ?? null, tool.result),
          withoutMedia(tool.result, tool.result),
        ) &&
        span.askedBy === parent.record.id,
    )
    if (found >= 0) left.splice(found, 1)
    return found >= 0
  })
  return { expected: expected.length, exact: exact.length }
}

const minMediaCharacters = 256

/** Media are recorded as a description only, so their bytes are left out on both sides. @param recorded what was sent */
function withoutMedia(value: Json, recorded: Json | undefined): Json {
  if (typeof recorded === 'string' && isMedia(recorded)) return '[media]'
  if (Array.isArray(value)) {
    return value.map((entry, at) => withoutMedia(entry, Array.isArray(recorded) ? recorded[at] : undefined))
  }
  if (!isJsonObject(value)) return value
  const fields = isJsonObject(recorded) ? recorded : {}
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, withoutMedia(entry ?? null, fields[name])]),
  )
}

const isMedia = (text: string): boolean =>
  text.startsWith('data:') || (text.length >= minMediaCharacters && /^[\w+/=-]+$/.test(text))

const parsed = (args: RecordedTool['args']): Json | undefined =>
  typeof args === 'string' ? (parseJson(args) ?? args) : args

const countsOf = (calls: readonly Judgement[]): Counts => ({
  links: calls.filter(({ link }) => link !== undefined).length,
  wrong: calls.filter(({ link }) => link === 'wrong').length,
})

const recallOf = (calls: readonly Judgement[]): Recall => ({
  expected: calls.filter(({ isExpected }) => isExpected).length,
  found: calls.filter(({ isExpected, link }) => isExpected && link === 'right').length,
})

function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}
