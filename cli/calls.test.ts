import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sampleRecord } from '../shared/admin/testing/sample-record.ts'
import { loadConfig } from '../shared/config/load.ts'
import { createCostOf } from '../shared/pricing/cost-of.ts'
import { tempDir } from '../shared/testing/temp-dir.ts'
import { openLocalStore } from '../worker/local-store/store.ts'
import { listCalls } from './calls.ts'
import type { FilterOptions } from './command-line/filter-options.ts'
import { CommandFailed } from './terminal/outcome.ts'
import { noAdmin, runningAdmin } from './testing/running-admin.ts'
import { listThreads } from './threads.ts'

const startedAt = new Date(2026, 10, 20, 9, 3, 7).getTime()
const screen = { width: Number.POSITIVE_INFINITY, now: startedAt, limit: 20, json: false }

const idOf = (letter: string): string => `019abc${'0'.repeat(18)}${letter}0000000`

const records = [
  sampleRecord({
    id: idOf('a'),
    context: { threadId: 'trip', userId: 'ann' },
    times: { startedAt, durationMs: 345 },
    link: { kind: 'tool_id', relation: 'step', parentCallId: 'z' },
  }),
  sampleRecord({
    id: idOf('b'),
    context: { threadId: 'other', userId: 'bob' },
    times: { startedAt: startedAt + 1000, durationMs: 1200 },
    usage: { provenance: 'missing' },
    ending: 'upstream_error',
    error: { type: 'rate_limit_exceeded', message: 'Slow down.' },
  }),
]

async function storeWithRecords(dir: string) {
  const store = await openLocalStore({ dir: join(dir, 'store'), maxCalls: 10, costOf: createCostOf() })
  onTestFinished(() => store.close())
  await store.save(records)
  return store
}

const expectedCalls = `\
TIME      ID          TOOK  MODEL              TOKENS        COST  ENDING          LINK     THREAD  USER  INPUT                       OUTPUT
09:03:08  b0000000   1.2 s  gpt-4o-2024-08-06       -           -  upstream_error  -        other   bob   What is the tide at Dover?  rate_limit_exceeded: Slow down.
09:03:07  a0000000  345 ms  gpt-4o-2024-08-06    12→5  ~$0.000080  completed       tool_id  trip    ann   What is the tide at Dover?  High at noon.
`

test('calls come from the running process', async () => {
  const calls = await storeWithRecords(tempDir())
  const config = loadConfig(await runningAdmin({ calls }))
  expect(await listCalls({ ...screen, config })).toEqual({ text: expectedCalls, ok: true })
})

test('without a running process calls come from the data folder', async () => {
  const dir = tempDir()
  await (await storeWithRecords(dir)).close()
  const config = loadConfig({ ...(await noAdmin()), DATA_DIR: dir })
  expect(await listCalls({ ...screen, config })).toEqual({ text: expectedCalls, ok: true })
})

test('calls can be limited to one thread, and printed as JSON', async () => {
  const config = loadConfig(await runningAdmin({ calls: await storeWithRecords(tempDir()) }))
  const filtered = await listCalls({ ...screen, config, thread: 'trip', json: true })
  expect(JSON.parse(filtered.text)).toMatchObject([
    { id: idOf('a'), thread: 'trip', userId: 'ann', output: 'High at noon.' },
  ])
  expect((await listCalls({ ...screen, config, thread: 'nobody' })).text).toBe(
    'No call of the thread "nobody" is kept here; threadtap threads lists those that are.\n',
  )
})

/** Both places that calls come from. */
const sources = {
  'the running process': async () =>
    loadConfig(await runningAdmin({ calls: await storeWithRecords(tempDir()) })),
  'the data folder': async () => {
    const dir = tempDir()
    await (await storeWithRecords(dir)).close()
    return loadConfig({ ...(await noAdmin()), DATA_DIR: dir })
  },
}

test.each(Object.entries(sources))('calls and threads of %s are filtered as pages are', async (_, source) => {
  const config = await source()
  const lists = async (filter: FilterOptions) => {
    const options = { ...screen, config, json: true, ...filter }
    const calls: { id: string }[] = JSON.parse((await listCalls(options)).text)
    const threads: { thread: string }[] = JSON.parse((await listThreads(options)).text)
    return [calls.map(({ id }) => id), threads.map(({ thread }) => thread)]
  }
  const [ofAnn, ofBob] = [
    [[idOf('a')], ['trip']],
    [[idOf('b')], ['other']],
  ]
  expect(await lists({ user: 'ANN' })).toEqual(ofAnn)
  expect(await lists({ errors: true })).toEqual(ofBob)
  expect(await lists({ slower: '1s' })).toEqual(ofBob)
  expect(await lists({ slower: '1s', errors: true, text: 'slow down', model: '4o' })).toEqual(ofBob)
  expect(await lists({ to: new Date(startedAt + 500).toISOString() })).toEqual(ofAnn)
  expect(await lists({ from: String(startedAt + 500) })).toEqual(ofBob)
  expect(await lists({ thread: 'tri', user: 'bob' })).toEqual([[], []])
})

test('where nothing fits it is said, and a filter that is not understood is refused', async () => {
  const config = await sources['the running process']()
  const options = { ...screen, config }
  expect((await listCalls({ ...options, user: 'cleo' })).text).toBe('Nothing that is kept here fits.\n')
  expect((await listThreads({ ...options, user: 'cleo' })).text).toBe('Nothing that is kept here fits.\n')
  for (const list of [listCalls, listThreads])
    await expect(list({ ...options, slower: 'soon' })).rejects.toThrow(
      new CommandFailed('"slower" must be like 500 (ms) or 2s.'),
    )
})

test('a search that pauses goes on until there is what was asked for', async () => {
  const store = await openLocalStore({
    dir: join(tempDir(), 'store'),
    maxCalls: 1_000,
    searchLimits: { calls: 2, bytes: 1_000_000 },
  })
  onTestFinished(() => store.close())
  const many = Array.from({ length: 9 }, (_, n) =>
    sampleRecord({
      id: idOf(String(n)),
      context: { userId: n < 3 ? 'ann' : 'bob' },
      times: { startedAt: n, durationMs: 1 },
    }),
  )
  await store.save(many)
  const config = loadConfig(await runningAdmin({ calls: store }))
  const found = async (limit: number) =>
    JSON.parse((await listCalls({ ...screen, config, limit, json: true, user: 'ann' })).text).map(
      ({ id }: { id: string }) => id,
    )
  expect(await found(20)).toEqual(['2', '1', '0'].map(idOf))
  expect(await found(2)).toEqual(['2', '1'].map(idOf))
})

test('a thread is found by its beginning where no other begins so', async () => {
  const config = loadConfig(await runningAdmin({ calls: await storeWithRecords(tempDir()) }))
  const idsOf = async (thread: string) =>
    JSON.parse((await listCalls({ ...screen, config, thread, json: true })).text).map(
      ({ id }: { id: string }) => id,
    )
  expect(await idsOf('tri')).toEqual([idOf('a')])
  expect(await idsOf('oth…')).toEqual([idOf('b')])
  expect(await idsOf('')).toEqual([])
})

test('threads show the totals of their calls', async () => {
  const config = loadConfig(await runningAdmin({ calls: await storeWithRecords(tempDir()) }))
  expect((await listThreads({ ...screen, config })).text).toBe(`\
LAST      FIRST     THREAD  CALLS  ERRORS  TOKENS        COST  USERS  SESSIONS  MODELS
09:03:08  09:03:08  other       1       1     0→0           -  bob    -         gpt-4o-2024-08-06
09:03:07  09:03:07  trip        1       0    12→5  ~$0.000080  ann    -         gpt-4o-2024-08-06
`)
})

test('a process without a local store says so', async () => {
  const config = loadConfig(await runningAdmin())
  await expect(listCalls({ ...screen, config })).rejects.toThrow(/refused: this process keeps no local store/)
})

test('with neither a process nor stored calls, one sentence says so', async () => {
  const config = loadConfig({ ...(await noAdmin()), DATA_DIR: tempDir() })
  const failed = await listCalls({ ...screen, config }).catch((cause: unknown) => cause)
  expect(failed).toBeInstanceOf(CommandFailed)
  expect(String(failed)).toMatch(
    /No threadtap answers at http:.* and no calls are kept in .*store: threadtap start .*\.$/,
  )
})

test('a call store that another process has open is not read', async () => {
  const dir = tempDir()
  await storeWithRecords(dir)
  const config = loadConfig({ ...(await noAdmin()), DATA_DIR: dir })
  await expect(listCalls({ ...screen, config })).rejects.toThrow(/another process has the calls/)
})

test('an admin port given on the command line is the only source', async () => {
  const dir = tempDir()
  await (await storeWithRecords(dir)).close()
  const config = loadConfig({ DATA_DIR: dir })
  const admin = `http://127.0.0.1:${(await noAdmin()).ADMIN_PORT}`
  await expect(listCalls({ ...screen, config, admin })).rejects.toThrow(/^No threadtap answers/)
})

test('the admin token is sent', async () => {
  const parts = { calls: await storeWithRecords(tempDir()), onLoopback: false, token: 's3cret' }
  const env = await runningAdmin(parts)
  await expect(listCalls({ ...screen, config: loadConfig(env) })).rejects.toThrow(/ADMIN_TOKEN/)
  const config = loadConfig({ ...env, ADMIN_TOKEN: 's3cret' })
  expect((await listCalls({ ...screen, config })).ok).toBe(true)
})

test('an empty store says that nothing was recorded, whatever thread is asked for', async () => {
  const store = await openLocalStore({ dir: join(tempDir(), 'store'), maxCalls: 10 })
  onTestFinished(() => store.close())
  const config = loadConfig(await runningAdmin({ calls: store }))
  expect((await listCalls({ ...screen, config, thread: 'trip' })).text).toBe('No calls are recorded yet.\n')
  expect((await listThreads({ ...screen, config })).text).toBe('No calls are recorded yet.\n')
})
