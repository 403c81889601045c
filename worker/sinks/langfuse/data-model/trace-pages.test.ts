import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import type { FakeLangfuse } from '../../../../shared/testing/fake-langfuse/fake-langfuse.ts'
import { lendLangfuse } from '../../../../shared/testing/fake-langfuse/lend-langfuse.ts'
import type { Mode } from '../../../../shared/testing/fake-langfuse/modes.ts'
import { aFailedRecord, aRecord } from '../../../testing/records.ts'
import { langfuseSinkTo } from '../../../testing/test-pipeline.ts'
import type { Sink } from '../../sink.ts'
import type { LangfuseSettings } from './trace.ts'

// What people see of a trace, in the list and on its page, on every server (measured on real ones).

const modes: readonly Mode[] = ['v2', 'v3.20', 'v3', 'v4', 'v4-dual']
const traceId = 'a'.repeat(32)
const caller = 'c'.repeat(16)
const { context } = aRecord()
const { traceName: _, ...unnamed } = context
const never = new AbortController().signal

async function start(mode: Mode, settings: Partial<LangfuseSettings> = {}) {
  const langfuse = await lendLangfuse(mode)
  return { langfuse, sink: langfuseSinkTo(langfuse, settings) }
}

async function deliver(sink: Sink, ...batches: readonly (readonly InferenceRecord[])[]): Promise<void> {
  for (const batch of batches) {
    for (const verdict of await sink.send(batch, never)) expect(verdict).toEqual({ ok: true })
  }
}

let calls = 0
function aCall(
  changes: Partial<InferenceRecord> = {},
  trace: Partial<InferenceRecord['trace']> = {},
): InferenceRecord {
  const spanId = String(++calls).padStart(16, '0')
  return aRecord({
    context: unnamed,
    input: [{ role: 'user', content: `question ${calls}` }],
    ...changes,
    trace: { traceId, spanId, ...trace },
  })
}

const anAgentCall = (agentKey: string, changes: Partial<InferenceRecord> = {}, trace = {}) =>
  aCall(
    { ...changes, context: { ...unnamed, ...changes.context, agentKey } as InferenceRecord['context'] },
    {
      agentSpanId: 'f'.repeat(16),
      ...trace,
    },
  )

/** As text, because over OTLP it is stored as text. */
const onPage = (langfuse: FakeLangfuse) => {
  const [page, ...others] = langfuse.tracePages()
  expect(others).toEqual([])
  return { ...page, input: JSON.stringify(page?.input ?? null), output: JSON.stringify(page?.output ?? null) }
}

test.each(modes)('a call alone has a name, its question and its answer on %s', async (mode) => {
  const { langfuse, sink } = await start(mode)
  await deliver(sink, [aCall()])
  const page = onPage(langfuse)
  expect(page).toMatchObject({
    name: 'chat gpt-4o-mini',
    title: 'chat gpt-4o-mini',
    roots: ['chat gpt-4o-mini'],
  })
  expect(page.input).toContain('question')
  expect(page.output).toContain('hello')
})

test.each(modes)(
  "an agent's call has the agent's name, and its question and answer at the root on %s",
  async (mode) => {
    const { langfuse, sink } = await start(mode)
    await deliver(sink, [anAgentCall('tutor')])
    const page = onPage(langfuse)
    expect(page).toMatchObject({ name: 'agent_tutor', title: 'agent_tutor', roots: ['agent_tutor'] })
    expect([page.input, page.output].join()).toMatch(/question.*hello/)
    const root = langfuse.observations().find(({ name }) => name === 'agent_tutor')
    expect(root?.type).toBe(mode === 'v2' || mode === 'v3.20' ? 'SPAN' : 'AGENT')
    expect(root?.view).toMatchObject({ input: [{ form: 'text' }], output: [{ form: 'text' }] })
  },
)

const orders = [
  [0, 1],
  [1, 0],
]
const twice = modes.flatMap((mode) => orders.map((order) => ({ mode, order })))

test.each(twice)(
  'two calls of an agent are under one span of it on $mode, in the order $order',
  async ({ mode, order }) => {
    const { langfuse, sink } = await start(mode)
    const { times } = aRecord()
    const both = [
      anAgentCall('tutor', { context: { ...unnamed, tags: ['a', 'b'] } }),
      anAgentCall('tutor', {
        context: { ...unnamed, tags: ['b', 'c'] },
        times: { ...times, startedAt: times.startedAt + 90_000 },
      }),
    ]
    await deliver(sink, ...order.map((index) => both.slice(index, index + 1)))
    const page = onPage(langfuse)
    expect(page.roots).toEqual(['agent_tutor'])
    expect([...(page.tags ?? [])].sort()).toEqual(['a', 'b', 'c'])
    expect(langfuse.observations()).toHaveLength(3)
    const root = langfuse.observations().find(({ name }) => name === 'agent_tutor')
    expect(root?.endTime).toBe('2026-11-20T09:59:16.222Z')
  },
)

test.each(modes)('an agent has the level of what failed beneath it on %s', async (mode) => {
  const { langfuse, sink } = await start(mode)
  const { error, ending } = aFailedRecord()
  await deliver(
    sink,
    [anAgentCall('tutor', { error, ending } as Partial<InferenceRecord>)],
    [anAgentCall('tutor')],
  )
  const levels = langfuse.observations().map(({ name, level }) => `${name} ${level}`)
  expect(levels).toContain('agent_tutor ERROR')
})

test.each(modes)('all spans of a trace say one name and the union of the tags on %s', async (mode) => {
  const { langfuse, sink } = await start(mode)
  const sources = { traceId: 'x-trace-id' }
  await deliver(sink, [
    aCall({ context: { ...unnamed, sources, tags: ['a'] } }),
    aCall({ context: { ...unnamed, sources, tags: ['b'] }, operation: 'embeddings' }),
    anAgentCall('planner', { context: { ...unnamed, sources, tags: [] } }),
    anAgentCall('writer', { context: { ...unnamed, sources, tags: ['c'] } }),
  ])
  expect(onPage(langfuse)).toMatchObject({ name: 'agent_planner', tags: ['a', 'b', 'c'] })
  if (mode !== 'v3' && mode !== 'v4') return
  expect(new Set(langfuse.observations().map(({ trace }) => `${trace.name} ${trace.tags}`))).toEqual(
    new Set(['agent_planner a,b,c']),
  )
})

test.each(modes)(
  'calls that their caller put into one trace have one name, whatever they are, on %s',
  async (mode) => {
    const { langfuse, sink } = await start(mode)
    const shared = { context: { ...unnamed, sources: { traceId: 'x-trace-id' } } }
    await deliver(sink, [aCall(shared)], [aCall({ ...shared, operation: 'embeddings' })])
    expect(onPage(langfuse).name).toBe('calls')
  },
)

test.each(modes)('a call whose caller never shows up has a name and content on %s', async (mode) => {
  const { langfuse, sink } = await start(mode)
  await deliver(sink, [aCall({}, { parentSpanId: caller })])
  const page = onPage(langfuse)
  expect(page.name).toBe('chat gpt-4o-mini')
  expect([page.input, page.output].join()).toMatch(/question.*hello/)
  if (mode === 'v4') expect(langfuse.observations()[0]?.isRoot).toBe(true)
})

const callersTrace = { name: 'my request', input: 'mine in', output: 'mine out' }
const first = [true, false]

test.each(first)(
  'over ingestion what a caller says of its trace stands, the caller first: %s',
  async (callerFirst) => {
    const { langfuse, sink } = await start('v3.20')
    const event = {
      id: 'e',
      type: 'trace-create',
      timestamp: '2026-11-20T09:57:44.000Z',
      body: { id: traceId, ...callersTrace },
    }
    const send = () => postAs(langfuse, '/api/public/ingestion', { batch: [event] })
    if (callerFirst) await send()
    await deliver(sink, [aCall({}, { parentSpanId: caller })])
    if (!callerFirst) await send()
    expect(langfuse.tracePages()).toMatchObject([callersTrace])
  },
)

test.each(first)(
  'over OTLP a setting leaves the trace to its caller, the caller first: %s',
  async (callerFirst) => {
    const { langfuse, sink } = await start('v3', { fillCallerTraces: false })
    const span = {
      traceId,
      spanId: caller,
      name: callersTrace.name,
      startTimeUnixNano: '1795168664000000000',
      endTimeUnixNano: '1795168669000000000',
      attributes: ['input', 'output'].map((side) => ({
        key: `langfuse.observation.${side}`,
        value: { stringValue: callersTrace[side as 'input'] },
      })),
    }
    const resourceSpans = [
      { resource: { attributes: [] }, scopeSpans: [{ scope: { name: 'x' }, spans: [span] }] },
    ]
    const send = () => postAs(langfuse, '/api/public/otel/v1/traces', { resourceSpans })
    if (callerFirst) await send()
    await deliver(
      sink,
      [aCall({}, { parentSpanId: caller })],
      [anAgentCall('tutor', {}, { parentSpanId: caller })],
    )
    if (!callerFirst) await send()
    expect(langfuse.tracePages()).toMatchObject([{ ...callersTrace, roots: ['my request'] }])
  },
)

function postAs({ baseUrl, keys }: FakeLangfuse, path: string, body: object): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${keys.publicKey}:${keys.secretKey}`).toString('base64')}`
  const headers = { authorization, 'content-type': 'application/json' }
  return fetch(baseUrl + path, { method: 'POST', headers, body: JSON.stringify(body) })
}

test.each(modes)(
  'content that travels with its trace and its agent is spread over requests on %s',
  async (mode) => {
    const { langfuse, sink } = await start(mode, { maxCharacters: 0 })
    const large = { input: [{ role: 'user', content: 'x'.repeat(900_000) }], operation: 'relay' } as const
    await deliver(sink, [
      anAgentCall('tutor', large),
      anAgentCall('tutor', large),
      anAgentCall('tutor', large),
    ])
    const posts = langfuse.requests().filter(({ method }) => method === 'POST')
    expect(posts.map(({ status }) => Number(status) < 300)).toEqual(posts.map(() => true))
    expect(posts.length).toBeGreaterThan(1)
  },
)
