import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sampleRecord } from '../shared/admin/testing/sample-record.ts'
import { loadConfig } from '../shared/config/load.ts'
import { tempDir } from '../shared/testing/temp-dir.ts'
import { openLocalStore } from '../worker/local-store/store.ts'
import { listCalls } from './calls.ts'
import { CommandFailed } from './terminal/outcome.ts'
import { noAdmin, runningAdmin } from './testing/running-admin.ts'
import { listThreads } from './threads.ts'

const startedAt = new Date(2026, 10, 20, 9, 3, 7).getTime()
const screen = { width: Number.POSITIVE_INFINITY, now: startedAt, limit: 20, json: false }

const records = [
  sampleRecord({
    id: 'a',
    context: { threadId: 'trip', userId: 'ann' },
    times: { startedAt, durationMs: 345 },
  }),
  sampleRecord({
    id: 'b',
    context: { threadId: 'other', userId: 'bob' },
    times: { startedAt: startedAt + 1000, durationMs: 1200 },
    usage: { provenance: 'missing' },
    ending: 'upstream_error',
    error: { type: 'rate_limit_exceeded', message: 'Slow down.' },
  }),
]

async function keptCalls(dir: string) {
  const store = await openLocalStore({ dir: join(dir, 'store'), maxCalls: 10 })
  onTestFinished(() => store.close())
  await store.save(records)
  return store
}

const expectedCalls = `\
TIME        TOOK  MODEL              TOKENS  ENDING          THREAD  USER  INPUT                       OUTPUT
09:03:08   1.2 s  gpt-4o-2024-08-06       -  upstream_error  other   bob   What is the tide at Dover?  rate_limit_exceeded: Slow down.
09:03:07  345 ms  gpt-4o-2024-08-06    12→5  completed       trip    ann   What is the tide at Dover?  High at noon.
`

test('calls are those of the running process', async () => {
  const calls = await keptCalls(tempDir())
  const config = loadConfig(await runningAdmin({ calls }))
  expect(await listCalls({ ...screen, config })).toEqual({ text: expectedCalls, ok: true })
})

test('without a running process calls come from the data folder', async () => {
  const dir = tempDir()
  await (await keptCalls(dir)).close()
  const config = loadConfig({ ...(await noAdmin()), DATA_DIR: dir })
  expect(await listCalls({ ...screen, config })).toEqual({ text: expectedCalls, ok: true })
})

test('the calls of one thread can be had, and all of them as JSON', async () => {
  const config = loadConfig(await runningAdmin({ calls: await keptCalls(tempDir()) }))
  const one = await listCalls({ ...screen, config, thread: 'trip', json: true })
  expect(JSON.parse(one.text)).toMatchObject([
    { id: 'a', thread: 'trip', userId: 'ann', output: 'High at noon.' },
  ])
  expect((await listCalls({ ...screen, config, thread: 'nobody' })).text).toBe('No calls are recorded yet.\n')
})

test('threads show what their calls add up to', async () => {
  const config = loadConfig(await runningAdmin({ calls: await keptCalls(tempDir()) }))
  expect((await listThreads({ ...screen, config })).text).toBe(`\
LAST      FIRST     THREAD  CALLS  ERRORS  TOKENS  USERS  SESSIONS  MODELS
09:03:08  09:03:08  other       1       1     0→0  bob    -         gpt-4o-2024-08-06
09:03:07  09:03:07  trip        1       0    12→5  ann    -         gpt-4o-2024-08-06
`)
})

test('a process that keeps no calls says where they go', async () => {
  const config = loadConfig(await runningAdmin())
  await expect(listCalls({ ...screen, config })).rejects.toThrow(/refused: this process keeps no local store/)
})

test('with neither process nor calls one sentence says so', async () => {
  const config = loadConfig({ ...(await noAdmin()), DATA_DIR: tempDir() })
  const failed = await listCalls({ ...screen, config }).catch((cause: unknown) => cause)
  expect(failed).toBeInstanceOf(CommandFailed)
  expect(String(failed)).toMatch(
    /No threadtap answers at http:.* and there are no calls in .*store either\.$/,
  )
})

test('calls that another process has open are not read behind its back', async () => {
  const dir = tempDir()
  await keptCalls(dir)
  const config = loadConfig({ ...(await noAdmin()), DATA_DIR: dir })
  await expect(listCalls({ ...screen, config })).rejects.toThrow(/another process has the calls/)
})

test('an admin port that was named is the only one asked', async () => {
  const dir = tempDir()
  await (await keptCalls(dir)).close()
  const config = loadConfig({ DATA_DIR: dir })
  const admin = `http://127.0.0.1:${(await noAdmin()).ADMIN_PORT}`
  await expect(listCalls({ ...screen, config, admin })).rejects.toThrow(/^No threadtap answers/)
})

test('the token goes along', async () => {
  const parts = { calls: await keptCalls(tempDir()), onLoopback: false, token: 's3cret' }
  const env = await runningAdmin(parts)
  await expect(listCalls({ ...screen, config: loadConfig(env) })).rejects.toThrow(/ADMIN_TOKEN/)
  const config = loadConfig({ ...env, ADMIN_TOKEN: 's3cret' })
  expect((await listCalls({ ...screen, config })).ok).toBe(true)
})
