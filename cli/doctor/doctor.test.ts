import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { reportingMetrics } from '../../shared/metrics/catalogue.ts'
import { createMetrics } from '../../shared/metrics/metrics.ts'
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

/** Runs the doctor with working settings, except for `env`. */
async function runDoctor(env: Record<string, string> = {}, timeoutMs = 5_000) {
  const { origin } = await server(answerJson({}, 401))
  const working = { DATA_DIR: tempDir(), PORT: '0', UPSTREAM_BASE_URL: `${origin}/v1`, ...(await noAdmin()) }
  return doctor({ env: { ...working, ...env }, timeoutMs, width: Number.POSITIVE_INFINITY })
}

test('with minimal settings every check is ok or reported as not used', async () => {
  const { text, ok } = await runDoctor()
  expect(ok).toBe(true)
  expect(text).toMatch(/^DATA_DIR +\//m)
  expect(text).toMatch(/^ok +data folder: .* can be written$/m)
  expect(text).toMatch(/^ok +upstream default: .* answers \(401 without a key\)$/m)
  for (const name of ['Redis', 'Langfuse', 'OTLP', 'running process']) {
    expect(text).toMatch(new RegExp(`^not used +${name}: `, 'm'))
  }
})

test('every wrong setting is named, and no secret is shown', async () => {
  const { text, ok } = await runDoctor({ PORT: 'x', LOG_LEVEL: 'loud', LANGFUSE_SECRET_KEY: 'sk-lf-hidden' })
  expect(ok).toBe(false)
  expect(text).toMatch(/^not ok +setting: PORT must be/m)
  expect(text).toMatch(/^not ok +setting: LOG_LEVEL must be/m)
  expect(text).toMatch(/^not ok +setting: LANGFUSE_PUBLIC_KEY must be set/m)
  expect(text).toMatch(/^LANGFUSE_SECRET_KEY +set$/m)
  expect(text).not.toContain('hidden')
})

test('a data folder below a file is not ok, one that does not exist yet is', async () => {
  const dir = tempDir()
  await writeFile(join(dir, 'file'), '')
  expect((await runDoctor({ DATA_DIR: join(dir, 'file', 'below') })).text).toMatch(
    /^not ok +data folder: .*ENOTDIR/m,
  )
  expect((await runDoctor({ DATA_DIR: join(dir, 'a', 'b') })).text).toMatch(
    /^ok +data folder: .* can be made$/m,
  )
  expect(await readdir(dir)).toEqual(['file'])
  // Root may write anywhere, but nobody can make a folder there.
  expect((await runDoctor({ DATA_DIR: '/proc/nope/below' })).text).toMatch(
    /^not ok +data folder: \/proc\/nope\/below cannot be written: .*\n +to mend it: DATA_DIR=/m,
  )
})

test('a process that has the spool open is reported', async () => {
  const dir = tempDir()
  await mkdir(join(dir, 'spool'))
  // Any LevelDB database is locked in the same way.
  const spool = await openLocalStore({ dir: join(dir, 'spool'), maxCalls: 1 })
  expect((await runDoctor({ DATA_DIR: dir })).text).toMatch(/^ok .*; a running process has its spool$/m)
  await spool.close()
  expect((await runDoctor({ DATA_DIR: dir })).text).not.toContain('has its spool')
})

test('an unreachable upstream is not ok and is named', async () => {
  const closed = `http://127.0.0.1:${(await noAdmin()).ADMIN_PORT}/v1`
  const { text, ok } = await runDoctor({ UPSTREAMS: `local=${closed}` })
  expect(ok).toBe(false)
  expect(text).toMatch(/^ok +upstream default: /m)
  expect(text).toMatch(/^not ok +upstream local: nothing listens on .*ECONNREFUSED/m)
})

test('credentials in a URL are never shown', async () => {
  const { text } = await runDoctor({ UPSTREAM_BASE_URL: 'http://u:hidden@127.0.0.1/v1' })
  expect(text).toMatch(/^not ok +upstream default: /m)
  expect(text).not.toContain('hidden')
})

test('user, password and query of an upstream are tried, and never shown', async () => {
  const { origin } = await server(({ headers, url }, outgoing) => {
    const isRight = headers.authorization === `Basic ${Buffer.from('ada:pass word').toString('base64')}`
    outgoing.writeHead(isRight && url === '/v1/models?key=hidden' ? 200 : 401).end('{"data":[]}')
  })
  const withUser = (pair: string) => ({
    UPSTREAM_BASE_URL: `${origin.replace('//', `//${pair}@`)}?key=hidden`,
  })
  const right = await runDoctor(withUser('ada:pass%20word'))
  expect(right.text).toMatch(/^ok +upstream default: .*accepts the user and password of its URL/m)
  const wrong = await runDoctor(withUser('ada:secret'))
  expect(wrong.text).toMatch(/^not ok +upstream default: .*refuses the user and password of its URL/m)
  expect(right.text + wrong.text).not.toMatch(/pass%20word|pass word|secret|hidden/)
})

test('the key of the upstream is tested', async () => {
  const { origin, requests } = await server(({ headers }, outgoing) => {
    outgoing.writeHead(headers.authorization === 'Bearer right' ? 200 : 401).end('{"data":[]}')
  })
  const runDoctorWith = (UPSTREAM_API_KEY: string) =>
    runDoctor({ UPSTREAM_BASE_URL: `${origin}/v1`, UPSTREAM_API_KEY })
  expect((await runDoctorWith('right')).text).toMatch(/^ok +upstream default: .* accepts UPSTREAM_API_KEY$/m)
  expect((await runDoctorWith('wrong')).text).toMatch(
    /^not ok +upstream default: .* refuses UPSTREAM_API_KEY \(401\)$/m,
  )
  expect(requests[0]?.url).toBe('/v1/models')
})

test('a check without a response in time is not ok', async () => {
  const { origin } = await server(() => {})
  const { text, ok } = await runDoctor({ UPSTREAM_BASE_URL: origin }, 50)
  expect(ok).toBe(false)
  expect(text).toMatch(
    /^not ok +upstream default: .* takes connections, but gave no answer within 0.05 s: .*$/m,
  )
})

test('Redis is ok with noeviction, its queue counted, and not ok otherwise', async () => {
  const { url, stop } = await startRedis()
  onTestFinished(stop)
  const redis = new Redis(url)
  onTestFinished(() => redis.disconnect())
  await redis.lpush('{threadtap}:threadtap:wait', '1', '2')
  await redis.zadd('{threadtap}:threadtap:delayed', 1, '3')
  const before = await redis.keys('*')
  expect((await runDoctor({ REDIS_URL: url })).text).toMatch(
    /^ok +Redis: .* version \d+\..*, 3 packs in the queue$/m,
  )
  expect(await redis.keys('*')).toEqual(before)

  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const { text, ok } = await runDoctor({ REDIS_URL: url })
  expect(ok).toBe(false)
  expect(text).toMatch(/^not ok +Redis: .* but maxmemory-policy is allkeys-lru/m)
})

test('an unreachable Redis is not ok, and its password is not shown', async () => {
  const { text, ok } = await runDoctor({
    REDIS_URL: `redis://u:hidden@127.0.0.1:${(await noAdmin()).ADMIN_PORT}`,
  })
  expect(ok).toBe(false)
  expect(text).toMatch(/^not ok +Redis: .* cannot be used: .*ECONNREFUSED/m)
  expect(text).not.toContain('hidden')
})

const keys = { LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: 'sk-lf-1' }

/** @param keysStatus status of the response to a request with the keys */
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
  ['4.16.0', 403, {}, /^not ok +Langfuse: .* refuses the keys \(403\): of no project, or suspended$/m],
  ['4.16.0', 500, {}, /^not ok +Langfuse: .* answers 500/m],
  ['4.16.0', 200, { LANGFUSE_PROTOCOL: 'ingestion' }, /^not ok +Langfuse: version 4\.16\.0 refuses/m],
  ['2.95.12', 200, { LANGFUSE_PROTOCOL: 'otlp' }, /^not ok +Langfuse: version 2\.95\.12 has no OTLP$/m],
  ['4.16.0', 200, { LANGFUSE_ENABLED: 'false' }, /^not used +Langfuse: LANGFUSE_ENABLED is false$/m],
])('Langfuse %s responding %d to the keys, with %j', async (version, status, env, line) => {
  const { origin, requests } = await langfuse(version, status)
  const { text, ok } = await runDoctor({ ...keys, LANGFUSE_BASE_URL: origin, ...env })
  expect(text).toMatch(line)
  expect(ok).toBe(!line.source.startsWith('^not ok'))
  const authorization = requests.find(({ url }) => url === '/api/public/projects')?.headers.authorization
  if (authorization) expect(authorization).toBe(`Basic ${Buffer.from('pk-lf-1:sk-lf-1').toString('base64')}`)
})

test.each<[version: string, env: Record<string, string>]>([
  ['4.16.0', {}],
  ['4.16.0', { LANGFUSE_PROTOCOL: 'ingestion' }],
  ['2.95.12', { LANGFUSE_PROTOCOL: 'otlp' }],
])(
  'Langfuse %s gets the same finding when it reports a v before its version, with %j',
  async (version, env) => {
    const findingOf = async (reported: string) => {
      const { origin } = await langfuse(reported)
      const { text } = await runDoctor({ ...keys, LANGFUSE_BASE_URL: origin, ...env })
      const [finding] = /^(not )?ok +Langfuse: .*$(\n +to mend it: .*)?/m.exec(text) ?? ['no finding']
      return finding.replace(origin, 'ORIGIN').replaceAll(reported, 'VERSION')
    }
    expect(await findingOf(`v${version}`)).toBe(await findingOf(version))
    expect(await findingOf(version)).toContain('VERSION')
  },
)

test('a server other than Langfuse is recognised', async () => {
  const { origin } = await server((_, outgoing) => void outgoing.end('<html>'))
  const { text } = await runDoctor({ ...keys, LANGFUSE_BASE_URL: origin })
  expect(text).toMatch(/^not ok +Langfuse: .* answers, but not as Langfuse does \(.*\)$/m)
})

test('a collector receives only an empty export', async () => {
  const { origin, requests } = await server(answerJson({}))
  const { text } = await runDoctor({ OTLP_ENDPOINT: origin, OTLP_HEADERS: 'api-key=1' })
  expect(text).toMatch(/^ok +OTLP: .*\/v1\/traces takes traces$/m)
  expect(requests).toMatchObject([{ method: 'POST', url: '/v1/traces', headers: { 'api-key': '1' } }])
  expect(JSON.parse(String(requests[0]?.body))).toEqual({ resourceSpans: [] })
})

test('a collector that rejects the export is not ok', async () => {
  const { origin } = await server(answerJson({}, 401))
  const { text } = await runDoctor({ OTLP_ENDPOINT: `${origin}/v1/traces` })
  expect(text).toMatch(/^not ok +OTLP: .*\/v1\/traces answers 401: .*\n +to mend it: OTLP_HEADERS=.*$/m)
})

const ledger: Ledger = {
  accepted: 5,
  spooled: 1,
  queued: 0,
  delivered: 2,
  deadLettered: 1,
  dropped: { spool_full: 1 },
}

test('the ledger of a running process is shown', async () => {
  const line =
    /^ok +running process: .* 5 accepted = 2 delivered \+ 1 spooled \+ 0 queued \+ 1 dead \+ 1 dropped/m
  expect((await runDoctor(await runningAdmin({ ledger: async () => ledger }))).text).toMatch(line)
  expect((await runDoctor(await runningAdmin())).text).toMatch(/^ok +running process: .* is ready$/m)
})

test('upstreams and models whose streams are not asked for usage are counted', async () => {
  const registry = new Registry()
  const { usageReporting } = createMetrics(reportingMetrics, registry)
  usageReporting.set({ reporting: 'on_request' }, 7)
  usageReporting.set({ reporting: 'unsolicited' }, 2)
  usageReporting.set({ reporting: 'alters_frames' }, 1)
  expect((await runDoctor(await runningAdmin({ registry }))).text).toMatch(
    /^ok +running process: .* is ready; of the pairs of upstream and model 2 that send usage anyway and are not asked, 1 that change other frames when asked, so that usage is estimated/m,
  )
})

test('a running process that is not ready or whose ledger does not add up is not ok', async () => {
  const unready = await runDoctor(
    await runningAdmin({ checks: { spool: () => false, data_port: () => true } }),
  )
  expect(unready).toMatchObject({ ok: false, text: expect.stringMatching(/is not ready: spool$/m) })
  const wrong = await runDoctor(await runningAdmin({ ledger: async () => ({ ...ledger, queued: 1 }) }))
  expect(wrong).toMatchObject({ ok: false, text: expect.stringContaining('which does not add up') })
})
