import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { upstreamReadings } from '../../shared/metrics/catalogue.ts'
import { createReadings } from '../../shared/metrics/readings.ts'
import { type Answer, answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { startRedis } from '../../shared/testing/private-redis.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { openLocalStore } from '../../worker/local-store/store.ts'
import { noAdmin, runningAdmin } from '../testing/running-admin.ts'
import { doctor } from './doctor.ts'

async function server(answer: Answer) {
  const fake = await startFakeUpstream(answer)
  onTestFinished(() => fake[Symbol.asyncDispose]())
  return fake
}

/** @returns what the doctor says when everything but `env` is well */
async function ask(env: Record<string, string> = {}, timeoutMs = 5_000) {
  const { origin } = await server(answerJson({}, 401))
  const well = { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${origin}/v1`, ...(await noAdmin()) }
  return doctor({ env: { ...well, ...env }, timeoutMs })
}

test('with the least of settings all is well, and what is not used is said', async () => {
  const { text, ok } = await ask()
  expect(ok).toBe(true)
  expect(text).toMatch(/^DATA_DIR +\//m)
  expect(text).toMatch(/^ok +data folder: .* can be written$/m)
  expect(text).toMatch(/^ok +upstream default: .* answers \(401 without a key\)$/m)
  for (const name of ['Redis', 'Langfuse', 'OTLP', 'running process']) {
    expect(text).toMatch(new RegExp(`^not used +${name}: `, 'm'))
  }
})

test('all mistakes in the settings are named, and a secret is not shown', async () => {
  const { text, ok } = await ask({ PORT: 'x', LOG_LEVEL: 'loud', LANGFUSE_SECRET_KEY: 'sk-lf-hidden' })
  expect(ok).toBe(false)
  expect(text).toMatch(/^not ok +setting: PORT must be/m)
  expect(text).toMatch(/^not ok +setting: LOG_LEVEL must be/m)
  expect(text).toMatch(/^not ok +setting: LANGFUSE_PUBLIC_KEY must be set/m)
  expect(text).toMatch(/^LANGFUSE_SECRET_KEY +set$/m)
  expect(text).not.toContain('hidden')
})

test('a data folder that is none is not ok, one that does not exist yet is', async () => {
  const dir = tempDir()
  await writeFile(join(dir, 'file'), '')
  expect((await ask({ DATA_DIR: join(dir, 'file', 'below') })).text).toMatch(
    /^not ok +data folder: .*ENOTDIR/m,
  )
  expect((await ask({ DATA_DIR: join(dir, 'a', 'b') })).text).toMatch(/^ok +data folder: .* can be made$/m)
  expect(await readdir(dir)).toEqual(['file'])
})

test('a process that has the spool open is noticed', async () => {
  const dir = tempDir()
  await mkdir(join(dir, 'spool'))
  // Any LevelDB database is locked in the same way.
  const spool = await openLocalStore({ dir: join(dir, 'spool'), maxCalls: 1 })
  expect((await ask({ DATA_DIR: dir })).text).toMatch(/^ok .*; a running process has its spool$/m)
  await spool.close()
  expect((await ask({ DATA_DIR: dir })).text).not.toContain('has its spool')
})

test('an upstream that cannot be reached is not ok, each by its name', async () => {
  const closed = `http://127.0.0.1:${(await noAdmin()).ADMIN_PORT}/v1`
  const { text, ok } = await ask({ UPSTREAMS: `local=${closed}` })
  expect(ok).toBe(false)
  expect(text).toMatch(/^ok +upstream default: /m)
  expect(text).toMatch(/^not ok +upstream local: cannot be reached: .*ECONNREFUSED/m)
})

test('credentials within a URL are shown nowhere', async () => {
  const { text } = await ask({ UPSTREAM_BASE_URL: 'http://u:hidden@127.0.0.1/v1' })
  expect(text).toMatch(/^not ok +upstream default: /m)
  expect(text).not.toContain('hidden')
})

test('a key for the upstream is tried', async () => {
  const { origin, requests } = await server(({ headers }, outgoing) => {
    outgoing.writeHead(headers.authorization === 'Bearer right' ? 200 : 401).end()
  })
  const askWith = (UPSTREAM_API_KEY: string) => ask({ UPSTREAM_BASE_URL: `${origin}/v1`, UPSTREAM_API_KEY })
  expect((await askWith('right')).text).toMatch(/^ok +upstream default: .* accepts UPSTREAM_API_KEY$/m)
  expect((await askWith('wrong')).text).toMatch(
    /^not ok +upstream default: .* refuses UPSTREAM_API_KEY \(401\)$/m,
  )
  expect(requests[0]?.url).toBe('/v1/models')
})

test('what does not answer in time is not ok, and nothing waits for it', async () => {
  const { origin } = await server(() => {})
  const { text, ok } = await ask({ UPSTREAM_BASE_URL: origin }, 50)
  expect(ok).toBe(false)
  expect(text).toMatch(/^not ok +upstream default: no answer within 0.05 s$/m)
})

test('Redis is well with noeviction, whose queue is counted, and not well otherwise', async () => {
  const { url, stop } = await startRedis()
  onTestFinished(stop)
  const redis = new Redis(url)
  onTestFinished(() => redis.disconnect())
  await redis.lpush('{threadtap}:threadtap:wait', '1', '2')
  await redis.zadd('{threadtap}:threadtap:delayed', 1, '3')
  const before = await redis.keys('*')
  expect((await ask({ REDIS_URL: url })).text).toMatch(
    /^ok +Redis: .* version \d+\..*, 3 packs in the queue$/m,
  )
  expect(await redis.keys('*')).toEqual(before)

  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const { text, ok } = await ask({ REDIS_URL: url })
  expect(ok).toBe(false)
  expect(text).toMatch(/^not ok +Redis: .* but maxmemory-policy is allkeys-lru/m)
})

test('a Redis that is not there is not ok, and its password is not shown', async () => {
  const { text, ok } = await ask({ REDIS_URL: `redis://u:hidden@127.0.0.1:${(await noAdmin()).ADMIN_PORT}` })
  expect(ok).toBe(false)
  expect(text).toMatch(/^not ok +Redis: cannot be used: .*ECONNREFUSED/m)
  expect(text).not.toContain('hidden')
})

const keys = { LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: 'sk-lf-1' }

/** @param keysStatus what the server answers to the keys */
const langfuse = (version: string, keysStatus = 200) =>
  server((request, outgoing) => {
    const answer =
      request.url === '/api/public/health'
        ? answerJson({ status: 'OK', version })
        : answerJson({}, request.url === '/api/public/projects' ? keysStatus : 404)
    return answer(request, outgoing)
  })

test.each([
  ['4.16.0', 200, {}, /^ok +Langfuse: .* is version 4\.16\.0, protocol otlp, and takes the keys$/m],
  ['3.22.0', 200, {}, /^ok +Langfuse: .* protocol otlp,/m],
  ['3.21.9', 200, {}, /^ok +Langfuse: .* protocol ingestion,/m],
  ['2.95.12', 200, {}, /^ok +Langfuse: .* protocol ingestion,/m],
  ['4.16.0', 401, {}, /^not ok +Langfuse: .* does not know the keys \(401\)$/m],
  ['4.16.0', 403, {}, /^not ok +Langfuse: .* refuses the keys \(403\)$/m],
  ['4.16.0', 500, {}, /^not ok +Langfuse: .* answers 500/m],
  ['4.16.0', 200, { LANGFUSE_PROTOCOL: 'ingestion' }, /^not ok +Langfuse: version 4\.16\.0 refuses/m],
  ['2.95.12', 200, { LANGFUSE_PROTOCOL: 'otlp' }, /^not ok +Langfuse: version 2\.95\.12 has no OTLP$/m],
  ['4.16.0', 200, { LANGFUSE_ENABLED: 'false' }, /^not used +Langfuse: LANGFUSE_ENABLED is false$/m],
])('Langfuse %s that answers %d to the keys, with %j', async (version, status, env, line) => {
  const { origin, requests } = await langfuse(version, status)
  const { text, ok } = await ask({ ...keys, LANGFUSE_BASE_URL: origin, ...env })
  expect(text).toMatch(line)
  expect(ok).toBe(!line.source.startsWith('^not ok'))
  const shown = requests.find(({ url }) => url === '/api/public/projects')?.headers.authorization
  if (shown) expect(shown).toBe(`Basic ${Buffer.from('pk-lf-1:sk-lf-1').toString('base64')}`)
})

test('what is not Langfuse is recognised', async () => {
  const { origin } = await server((_, outgoing) => void outgoing.end('<html>'))
  const { text } = await ask({ ...keys, LANGFUSE_BASE_URL: origin })
  expect(text).toMatch(/^not ok +Langfuse: .* answers, but not as Langfuse does$/m)
})

test('a collector is sent nothing but an empty export', async () => {
  const { origin, requests } = await server(answerJson({}))
  const { text } = await ask({ OTLP_ENDPOINT: origin, OTLP_HEADERS: 'api-key=1' })
  expect(text).toMatch(/^ok +OTLP: .*\/v1\/traces takes traces$/m)
  expect(requests).toMatchObject([{ method: 'POST', url: '/v1/traces', headers: { 'api-key': '1' } }])
  expect(JSON.parse(String(requests[0]?.body))).toEqual({ resourceSpans: [] })
})

test('a collector that refuses is not ok', async () => {
  const { origin } = await server(answerJson({}, 401))
  const { text } = await ask({ OTLP_ENDPOINT: `${origin}/v1/traces` })
  expect(text).toMatch(/^not ok +OTLP: .*\/v1\/traces answers 401\n +to mend it: .*OTLP_HEADERS$/m)
})

const ledger: Ledger = {
  accepted: 5,
  spooled: 1,
  queued: 0,
  delivered: 2,
  deadLettered: 1,
  dropped: { spool_full: 1 },
}

test('a running process says where its records are', async () => {
  const said =
    /^ok +running process: .* 5 accepted = 2 delivered \+ 1 spooled \+ 0 queued \+ 1 dead \+ 1 dropped/m
  expect((await ask(await runningAdmin({ ledger: async () => ledger }))).text).toMatch(said)
  expect((await ask(await runningAdmin())).text).toMatch(/^ok +running process: .* is ready$/m)
})

test('a running process says how many upstreams and models refuse to be asked for usage', async () => {
  const registry = new Registry()
  createReadings(upstreamReadings, registry, { usageRefusalsRemembered: () => 2 })
  expect((await ask(await runningAdmin({ registry }))).text).toMatch(
    /^ok +running process: .* is ready; 2 pairs of upstream and model refuse stream_options/m,
  )
})

test('a running process that is not ready, or whose ledger does not add up, is not ok', async () => {
  const unready = await ask(await runningAdmin({ checks: { spool: () => false, data_port: () => true } }))
  expect(unready).toMatchObject({ ok: false, text: expect.stringMatching(/is not ready: spool$/m) })
  const wrong = await ask(await runningAdmin({ ledger: async () => ({ ...ledger, queued: 1 }) }))
  expect(wrong).toMatchObject({ ok: false, text: expect.stringContaining('which does not add up') })
})
