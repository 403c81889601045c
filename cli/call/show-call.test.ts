import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sampleRecord } from '../../shared/admin/testing/sample-record.ts'
import { loadConfig } from '../../shared/config/load.ts'
import { createCostOf } from '../../shared/pricing/cost-of.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { openLocalStore } from '../../worker/local-store/store.ts'
import { timelineKey } from '../../worker/local-store/sublevels.ts'
import { displayWidth } from '../terminal/text-width.ts'
import { runningAdmin } from '../testing/running-admin.ts'
import { showCall } from './show-call.ts'

const startedAt = new Date(2026, 10, 20, 9, 3, 7).getTime()
const screen = { width: 80, now: startedAt, json: false }
const id = '019abc00000000000000000000c0ffee'

const weather = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'The weather of a city, now or within the next few days, in words.',
  },
}

const record = sampleRecord({
  id,
  context: {
    threadId: 'trip',
    userId: 'ann',
    tags: ['beta', 'eu'],
    metadata: { plan: 'summer' },
    sources: { threadId: 'x-thread-id', userId: 'body user' },
  },
  request: {
    model: 'gpt-4o',
    stream: true,
    parameters: { temperature: 0.2, max_tokens: 100 },
    bodyBytes: 420,
    retry: 1,
  },
  input: {
    messages: [
      { role: 'system', content: 'You know the world.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Is it warm?' },
          { type: 'image_url', image_url: { url: 'x' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', function: { name: 'weather', arguments: '{"city":"Lisbon"}' } }],
      },
      {
        role: 'tool',
        tool_call_id: 'c1',
        content:
          'It has \u001b[31m23 degrees in Lisbon, the sky is clear, and the wind comes from the north.',
      },
    ],
    tools: [weather],
  },
  output: {
    kind: 'choices',
    choices: [{ index: 0, reasoning: 'Hm.', content: 'Yes.\n  Very.', finishReason: 'stop' }],
  },
  usage: { provenance: 'provider', input: 1200, output: 50, total: 1250, cachedInput: 1024, reasoning: 10 },
  times: { startedAt, firstByteMs: 60, firstTokenMs: 80, durationMs: 345 },
  stream: { events: 12, largestGapMs: 40 },
})

async function served(records: readonly InferenceRecord[], isOnlyPlace = true) {
  const store = await openLocalStore({
    dir: join(tempDir(), 'store'),
    maxCalls: 10,
    costOf: createCostOf(),
    isOnlyPlace,
  })
  onTestFinished(() => store.close())
  await store.save(records)
  return { store, config: loadConfig(await runningAdmin({ calls: store })) }
}

test('a call is shown in full, within 80 columns', async () => {
  const { config } = await served([record])
  const { text, ok } = await showCall({ ...screen, config, id: 'c0ffee' })
  expect(ok).toBe(true)
  expect(text).toMatchInlineSnapshot(`
    "CALL      019abc00000000000000000000c0ffee
    BEGAN     09:03:07
    TOOK      345 ms, first byte after 60 ms, first content after 80 ms, 12 events,
              at most 40 ms apart
    MODEL     gpt-4o-2024-08-06 (asked for gpt-4o), chat of openai, upstream default
    REQUEST   POST /v1/chat/completions, as a stream, 420 bytes; 800 bytes came
              back, retry 1
    SETTINGS  temperature 0.2, max_tokens 100
    ENDED     completed, status 200
    TOKENS    1200 in, 50 out, 1250 in all, 1024 read from the cache, 10 reasoning
              (as the provider counts them)
    COST      ~$0.0022 (by list prices of 2026-08-22)
    THREAD    trip (x-thread-id)
    USER      ann (body user)
    TAGS      beta, eu
    METADATA  plan summer
    TRACE     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, span bbbbbbbbbbbbbbbb
    DELIVERY  kept here, and sent nowhere

    INPUT
      system
        You know the world.
      user
        Is it warm?
        {"type":"image_url","image_url":{"url":"x"}}
      assistant
        weather({"city":"Lisbon"})
      tool c1
        It has [31m23 degrees in Lisbon, the sky is clear, and the wind comes from
        the north.

    TOOLS
      weather
        The weather of a city, now or within the next few days, in words.

    OUTPUT
      assistant, thinking
        Hm.
      assistant (stop)
        Yes.
          Very.
    "
  `)
  expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(80)
})

test('without an id the newest call is shown', async () => {
  const { config } = await served([
    record,
    sampleRecord({ id: 'older', times: { startedAt: 1, durationMs: 1 } }),
  ])
  expect((await showCall({ ...screen, config })).text).toContain(id)
})

test('--json prints the record with its cost and delivery', async () => {
  const { config } = await served([record])
  const { text } = await showCall({ ...screen, config, id, json: true })
  expect(JSON.parse(text)).toMatchObject({
    ...JSON.parse(JSON.stringify(record)),
    cost: { source: 'price_list', date: '2026-08-22' },
    delivery: { state: 'local' },
  })
})

test.each([
  [{ state: 'delivered', at: startedAt }, /^DELIVERY +delivered at 09:03:07$/m],
  [
    { state: 'dead_lettered', at: startedAt },
    /^DELIVERY +refused for good at 09:03:07; threadtap dead show\n +019abc/m,
  ],
  [
    { state: 'dropped', at: startedAt, reason: 'sampled_out' },
    /^DELIVERY +dropped at 09:03:07: sampled_out$/m,
  ],
  [{ state: 'pending' }, /^DELIVERY +waiting; threadtap doctor says what for$/m],
] as const)('what became of a record: %j', async (delivery, line) => {
  const { store, config } = await served([record], false)
  await store.noteDeliveries([{ key: timelineKey(record), delivery }])
  expect((await showCall({ ...screen, config, id })).text).toMatch(line)
})

test('a failed call says what went wrong', async () => {
  const { output, ...rest } = record
  const failed = {
    ...rest,
    ending: 'upstream_error' as const,
    response: { status: 429, bodyBytes: 10, requestId: 'req-1' },
    error: { type: 'rate_limit_exceeded', message: 'Slow down.' },
    usage: { provenance: 'missing' as const },
  }
  const { config } = await served([failed])
  const { text } = await showCall({ ...screen, config, id })
  expect(text).toMatch(/^ENDED +upstream_error, status 429, upstream's id req-1$/m)
  expect(text).toMatch(/^ERROR +rate_limit_exceeded: Slow down\.$/m)
  expect(text).toMatch(/^TOKENS +unknown: the provider sent none$/m)
  // Its model has a price.
  expect(text).toMatch(/^COST +unknown, as its tokens are$/m)
  expect(text).not.toContain('OUTPUT')
})

test('of estimated tokens the cost says so, in the call and in what it is summed up with', async () => {
  const estimated = { ...record, usage: { provenance: 'estimated' as const, input: 1200, output: 50 } }
  const { store, config } = await served([estimated])
  const { text } = await showCall({ ...screen, config, id })
  expect(text.replaceAll(/\s+/g, ' ')).toContain('(by list prices of 2026-08-22, of estimated tokens)')
  const exact = sampleRecord({ id: 'exact', context: estimated.context })
  await store.save([exact])
  const [thread] = await store.threads({ limit: 1 })
  expect([thread?.calls, thread?.cost]).toMatchObject([2, { source: 'price_list', estimated: true }])
})

test('an unknown call, and an empty store, are said in one sentence', async () => {
  const { config } = await served([record])
  await expect(showCall({ ...screen, config, id: 'abcdef' })).rejects.toThrow(
    /^No call "abcdef" is kept here/,
  )
  const empty = await served([])
  await expect(showCall({ ...screen, config: empty.config })).rejects.toThrow('No calls are recorded yet.')
})
