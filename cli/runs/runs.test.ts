import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sampleRecord } from '../../shared/admin/testing/sample-record.ts'
import { createCostOf } from '../../shared/pricing/cost-of.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { openLocalStore } from '../../worker/local-store/store.ts'
import { displayWidth } from '../terminal/text-width.ts'
import { runCommand } from '../testing/run-command.ts'
import { runningAdmin } from '../testing/running-admin.ts'
import { sampleRun } from '../testing/sample-run.ts'

const now = new Date(2026, 10, 21, 9, 3, 7).getTime()
const run = sampleRun(now - 10_000)

/** The next turn: a plain answer, to which no agent belongs. */
const nextTurn = sampleRecord({
  id: `019abe${'0'.repeat(26)}`,
  trace: { traceId: `${'0'.repeat(24)}facade02`, spanId: 'e'.repeat(16) },
  times: { startedAt: now, durationMs: 345 },
  link: { kind: 'history', relation: 'turn' },
  run: { conversationId: 'c0ffee'.padEnd(32, '0'), turn: 2, step: 1 },
})

async function storeOf(records: readonly InferenceRecord[], maxCalls = 100) {
  const store = await openLocalStore({ dir: join(tempDir(), 'store'), maxCalls, costOf: createCostOf() })
  onTestFinished(() => store.close())
  await store.save(records)
  return store
}

async function environment(records: readonly InferenceRecord[] = [...run, nextTurn]) {
  return runningAdmin({ calls: await storeOf(records) })
}

const widthOf = (text: string): number => Math.max(...text.split('\n').map(displayWidth))

test('runs at 80 columns', async () => {
  const text = await runCommand(['runs'], { env: await environment(), now })
  expect(widthOf(text)).toBeLessThanOrEqual(80)
  expect(text).toMatchInlineSnapshot(`
    "ID          TOOK  AGENT         TURN  CALLS  TOOLS  ERRORS  TOKENS        COST
    facade02  345 ms  -              2/2      1      0       0    12→5  ~$0.000080
    facade01   9.6 s  trip_planner   1/2      6      3       1   72→30   ~$0.00048
    ~ by list prices of 2026-08-22; PRICES_FILE replaces them
    "
  `)
})

test('runs of a wide terminal show what was asked and answered', async () => {
  const text = await runCommand(['runs'], { env: await environment(), now, width: 200 })
  expect(text).toContain('Plan a day in Paris.')
  expect(text).toContain('Go to the Ritz.')
})

test('a run is drawn as a tree with its times at 80 columns', async () => {
  const text = await runCommand(['run', 'facade01'], { env: await environment(), now })
  expect(widthOf(text)).toBeLessThanOrEqual(80)
  expect(text).toMatchInlineSnapshot(`
    "RUN     000000000000000000000000facade01
    BEGAN   09:02:57, took 9.6 s
    TURN    1 of 2 of conversation c0ffee00000000000000000000000000
    COUNTS  6 calls, 3 tools, 1 error, tokens 72→30, cost ~$0.00048

    SPAN                           AT    TOOK  TOKENS  LINK       CONTENT
    agent_trip_planner           0 ms   9.6 s
    ├─ chat gpt-4o-2024-08-06    0 ms   1.2 s    12→5  none       Let me look.
    ├─ get_weather              1.2 s  700 ms                     {"day":"today"} ─…
    ├─ chat gpt-4o-2024-08-06   1.9 s   1.1 s    12→5  tool_id    And a hotel.
    ├─ research                 3.0 s   3.5 s                     {"task":"Find the…
    │  └─ agent_researcher      3.1 s   3.3 s
    │     ├─ chat gpt-4o-2024…  3.1 s  900 ms    12→5  subagent   overloaded: Try a…
    │     └─ chat gpt-4o-2024…  4.1 s   2.3 s    12→5  ambiguous  The Ritz.
    ├─ chat gpt-4o-2024-08-06   6.5 s   1.0 s    12→5  tool_id    Over to you.
    ├─ transfer                 7.5 s  100 ms                     {} ─▶ failed: no…
    └─ agent_travel_writer      7.6 s   2.0 s
       └─ chat gpt-4o-2024-08…  7.6 s   2.0 s    12→5  tool_id    Go to the Ritz.
    ~ by list prices of 2026-08-22; PRICES_FILE replaces them
    "
  `)
})

test('a deep run of long names fits 80 columns', async () => {
  const long = run.map((record) => ({
    ...record,
    times: { startedAt: record.times.startedAt, durationMs: 125_000 },
    response: { ...record.response, model: 'anthropic/claude-sonnet-4-5-20250929' },
    usage: { provenance: 'estimated', input: 123_456, output: 123_456 } as const,
  }))
  const text = await runCommand(['run', 'facade01'], { env: await environment(long), now })
  expect(widthOf(text)).toBeLessThanOrEqual(80)
  expect(widthOf(await runCommand(['runs'], { env: await environment(long), now }))).toBeLessThanOrEqual(80)
})

test('a run is found by the end of its id, by one of its calls, and without any the newest is shown', async () => {
  const env = await environment()
  const idOf = async (...args: readonly string[]) =>
    JSON.parse(await runCommand(['run', ...args, '--json'], { env, now })).id
  const [first, second] = run
  expect(await idOf('FACADE01')).toBe(first?.trace.traceId)
  expect(await idOf(first?.trace.traceId ?? '')).toBe(first?.trace.traceId)
  expect(await idOf(second?.id.slice(-8) ?? '')).toBe(first?.trace.traceId)
  expect(await idOf()).toBe(nextTurn.trace.traceId)
})

test('runs and their spans are JSON as well', async () => {
  const env = await environment()
  expect(JSON.parse(await runCommand(['runs', '--json'], { env, now }))).toMatchObject([
    { turn: 2, turns: 2, calls: 1, tools: 0, errors: 0 },
    {
      agent: 'agent_trip_planner',
      turn: 1,
      turns: 2,
      calls: 6,
      tools: 3,
      errors: 1,
      durationMs: 9_600,
      tokens: { input: 72, output: 30, total: 102 },
      input: 'Plan a day in Paris.',
      output: 'Go to the Ritz.',
    },
  ])
  const { spans } = JSON.parse(await runCommand(['run', 'facade01', '--json'], { env, now }))
  expect(spans).toMatchObject([
    { kind: 'agent', name: 'agent_trip_planner', durationMs: 9_600, spans: { length: 7 } },
  ])
})

test('what is asked for in vain is said in one sentence', async () => {
  const env = await environment()
  await expect(runCommand(['run', 'deadbeef'], { env, now })).rejects.toThrow(
    /^No run "deadbeef" is kept here/,
  )
  const plain = await environment([sampleRecord()])
  expect(await runCommand(['runs'], { env: plain, now })).toMatch(/^No runs are kept here, only calls/)
  await expect(runCommand(['run'], { env: plain, now })).rejects.toThrow(/^No runs are kept here/)
  const empty = await environment([])
  expect(await runCommand(['runs'], { env: empty, now })).toBe('No calls are recorded yet.\n')
})

test('of a run whose first calls have gone the rest is drawn, under an agent without a name', async () => {
  const store = await storeOf(run, 1)
  const kept = await store.run('facade01')
  expect(kept).toMatchObject({ calls: 1, spans: [{ kind: 'agent', name: 'agent' }] })
  expect(kept?.spans[0]?.spans.map(({ name }) => name)).toEqual(['transfer', 'agent_travel_writer'])
})

test('one call says how it was linked, or why not', async () => {
  const env = await environment()
  const linked = await runCommand(['call', run[1]?.id ?? ''], { env, now })
  expect(linked).toContain('by tool_id, as step, of call 00000000; turn 1, step 2 of run facade01')
  expect(await runCommand(['call', run[3]?.id ?? ''], { env, now })).toContain('refused: ambiguous')
})
