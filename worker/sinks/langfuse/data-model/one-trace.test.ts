import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { lendLangfuse } from '../../../../shared/testing/fake-langfuse/lend-langfuse.ts'
import type { Mode } from '../../../../shared/testing/fake-langfuse/modes.ts'
import { aRecord } from '../../../testing/records.ts'
import { langfuseSinkTo } from '../../../testing/test-pipeline.ts'

const traceId = 'a'.repeat(32)
const caller = 'c'.repeat(16)
const { context } = aRecord()

/** Two agents' calls and a plain one, as `traceparent` or `x-trace-id` puts them into one trace. */
function callsOf(parent: { readonly parentSpanId?: string }): readonly InferenceRecord[] {
  const agent = (agentKey: string, digit: string) =>
    aRecord({
      trace: { traceId, spanId: digit.repeat(16), agentSpanId: `f${digit.repeat(15)}`, ...parent },
      context: { ...context, agentKey },
    })
  return [
    agent('planner', '1'),
    agent('writer', '2'),
    aRecord({ trace: { traceId, spanId: '3'.repeat(16), ...parent } }),
  ]
}

const orders = [
  [0, 1, 2],
  [2, 1, 0],
  [1, 2, 0],
]
const parents = [{ parentSpanId: caller }, {}]
const modes: readonly Mode[] = ['v4', 'v3', 'v2']
const cases = modes.flatMap((mode) =>
  parents.flatMap((parent) => orders.map((order) => ({ mode, parent, order }))),
)

test.each(cases)(
  'calls of one trace are one tree: $mode, $parent, in the order $order',
  async ({ mode, parent: calledFrom, order }) => {
    const langfuse = await lendLangfuse(mode)
    const sink = langfuseSinkTo(langfuse)
    const calls = callsOf(calledFrom)
    for (const index of order) {
      const [verdict] = await sink.send(calls.slice(index, index + 1), new AbortController().signal)
      expect(verdict).toEqual({ ok: true })
    }
    const parent = calledFrom.parentSpanId ?? null
    const all = langfuse.observations()
    const nameOf = (id: string | null) => all.find((observation) => observation.id === id)?.name ?? id
    const tree = all.map(({ traceId: id, name, parentObservationId }) => [
      id,
      name,
      nameOf(parentObservationId),
    ])
    expect(tree.sort()).toEqual(
      [
        [traceId, 'agent_planner', parent],
        [traceId, 'chat gpt-4o-mini', 'agent_planner'],
        [traceId, 'agent_writer', parent],
        [traceId, 'chat gpt-4o-mini', 'agent_writer'],
        [traceId, 'chat gpt-4o-mini', parent],
      ].sort(),
    )
    expect(langfuse.losses()).toEqual([])
  },
)

test('without spans there are only generations, on the same parent', async () => {
  const langfuse = await lendLangfuse('v4')
  const sink = langfuseSinkTo(langfuse, { spans: false })
  await sink.send(
    [...callsOf({ parentSpanId: caller }), aRecord({ operation: 'relay' })],
    new AbortController().signal,
  )
  expect(langfuse.observations().map(({ type, parentObservationId }) => [type, parentObservationId])).toEqual(
    [
      ['GENERATION', caller],
      ['GENERATION', caller],
      ['GENERATION', caller],
    ],
  )
})

test('values that Langfuse does not accept arrive shortened, and the change is reported', async () => {
  const langfuse = await lendLangfuse('v4')
  const changes: string[] = []
  const sink = langfuseSinkTo(langfuse, {}, 'auto', ({ field, change }) => changes.push(`${field} ${change}`))
  const longId = 'zoe'.repeat(100)
  const odd = { ...context, userId: longId, environment: 'prod.eu' }
  await sink.send([aRecord({ context: odd })], new AbortController().signal)
  const [observation] = langfuse.observations()
  expect(observation?.trace.userId).toMatch(/^(zoe)+~[0-9a-f]{16}$/)
  expect(observation?.environment).toBe('test')
  expect(observation?.metadata).toMatchObject({ user_id: longId, environment: 'prod.eu' })
  expect(changes.sort()).toEqual(['environment refused', 'user_id shortened'])
})
