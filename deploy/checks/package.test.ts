import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { run, runToExit } from '../../processes/testing/processes.ts'
import { answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { testQueue } from '../../shared/testing/test-queue.ts'
import { runbooks } from '../alerts/alert.ts'
import { npx, type Packed, packAndInstall } from './testing/packed.ts'
import { loadedWith } from './testing/static-imports.ts'

const folder = mkdtempSync(join(tmpdir(), 'threadtap-package-'))
let packed: Packed
beforeAll(() => {
  packed = packAndInstall(folder)
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A model API that says nothing of usage, so that the worker has to count. */
async function startUpstream() {
  const choices = [
    { index: 0, message: { role: 'assistant', content: 'Hello there.' }, finish_reason: 'stop' },
  ]
  const upstream = await startFakeUpstream(answerJson({ id: 'chatcmpl-1', model: 'gpt-4o', choices }))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  return `${upstream.origin}/v1`
}

async function call(baseUrl: string, thread: string): Promise<string> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-thread-id': thread },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Say hello.' }] }),
  })
  return response.text()
}

test('whoever packs it builds it first', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  expect(scripts.prepack).toMatch(/run --silent build$/)
})

test('the package, its image and its alerts name one repository, which provenance is checked against', () => {
  const { repository } = JSON.parse(readFileSync('package.json', 'utf8')) as { repository: { url: string } }
  const address = repository.url.replace(/^git\+|\.git$/g, '')
  expect(readFileSync('deploy/docker/Dockerfile', 'utf8')).toContain(`image.source="${address}"`)
  expect(runbooks).toMatch(new RegExp(`^${address}/`))
})

test('the tarball holds the release, and what is to be read', () => {
  const outside = packed.files.filter((path) => !/^(release|docs)\//.test(path))
  expect(outside.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'])
  expect(packed.files.filter((path) => /\.ts$|\.test\.|(^|\/)testing\//.test(path))).toEqual([])
  const modules = packed.files.filter((path) => path.endsWith('.js'))
  expect(packed.files).toEqual(expect.arrayContaining(modules.filter(isBundled).map((path) => `${path}.map`)))
})

/** What browsers get is served as it is written. */
const isBundled = (path: string): boolean => !path.startsWith('release/assets/')

test('installing it installs nothing else', () => {
  expect(readdirSync(join(packed.project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'threadtap',
  ])
})

test('the licences of what was bundled are in it, those of native code too', () => {
  const text = readFileSync(join(dirname(packed.main), 'THIRD_PARTY_LICENSES.txt'), 'utf8')
  for (const name of ['undici', 'bullmq', 'hono', 'gpt-tokenizer', 'classic-level'])
    expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+: `, 'm'))
  expect(text).toContain('The LevelDB Authors')
})

test('npx runs it in an empty folder', () => {
  const manifest = JSON.parse(
    readFileSync(join(packed.project, 'node_modules/threadtap/package.json'), 'utf8'),
  )
  expect(npx(folder, packed, '--version')).toBe(`${manifest.version}\n`)
})

test('what only says its version, and what only relays, do not load what they do not use', () => {
  expect([...loadedWith(packed.main)].sort()).toEqual(['cli', 'main.ts', 'shared'])
  const release = dirname(packed.main)
  const thread = loadedWith(join(release, 'thread.js'))
  expect([...thread]).toEqual(expect.arrayContaining(['proxy', 'classic-level', 'hono']))
  const [publish = ''] = readdirSync(release).filter((name) => /^publish-[A-Z0-9]+\.js$/.test(name))
  const publisher = loadedWith(join(release, publish))
  expect([...publisher]).toEqual(expect.arrayContaining(['proxy', 'ioredis']))
  const unused = ['cli', 'commander', 'langfuse', 'langfuse-core', 'gpt-tokenizer', 'bullmq']
  expect([...unused, 'worker'].filter((name) => thread.has(name))).toEqual([])
  expect(unused.filter((name) => publisher.has(name))).toEqual([])
})

test('start records a call and counts its tokens; calls, call and doctor show it', async () => {
  const env = { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: await startUpstream() }
  const threadtap = await run('start', env, packed.main)
  expect(await call(threadtap.baseUrl, 'packed')).toContain('Hello there.')
  await threadtap.waitForLedger(({ delivered }) => delivered === 1)
  const metrics = await (await fetch(`${threadtap.admin}/metrics`)).text()
  expect(metrics).toMatch(/^threadtap_build_info\{version="\d+\.\d+\.\d+"/m)
  // The way to contexts is loaded with its first request.
  const contexts = new URL('/_threadtap/contexts/packed', threadtap.baseUrl)
  expect((await fetch(contexts, { method: 'PUT', body: '{"user_id":"ada"}' })).status).toBe(200)
  const doctor = await runToExit(['doctor', '--admin', threadtap.admin], env, packed.main)
  expect(doctor.stdout).toMatch(/^ok .*data/m)
  expect(await threadtap.stop()).toBe(0)
  const { stdout } = await runToExit(['calls', '--json'], env, packed.main)
  expect(JSON.parse(stdout)).toMatchObject([
    { thread: 'packed', output: 'Hello there.', usage: { provenance: 'estimated' } },
  ])
  const shown = await runToExit(['call'], env, packed.main)
  expect(shown.stdout).toContain('Hello there.')
})

test('completion knows the options of commands that are loaded only where they are used', async () => {
  const { stdout } = await runToExit(['completion', 'bash'], {}, packed.main)
  expect(stdout).toContain('--thread')
})

test('proxy and worker meet in Redis', async () => {
  const { redisUrl, queueName, prefix } = testQueue()
  const queue = { REDIS_URL: redisUrl, QUEUE_NAME: queueName, QUEUE_PREFIX: prefix }
  const proxy = await run(
    'proxy',
    { ...queue, DATA_DIR: tempDir(), UPSTREAM_BASE_URL: await startUpstream() },
    packed.main,
  )
  const worker = await run('worker', { ...queue, DATA_DIR: tempDir() }, packed.main)
  await call(proxy.baseUrl, 'apart')
  await proxy.waitForLedger(({ delivered }) => delivered === 1)
  expect(await worker.getJson('/api/calls')).toMatchObject([{ thread: 'apart', output: 'Hello there.' }])
  expect(await proxy.stop()).toBe(0)
  expect(await worker.stop()).toBe(0)
})

test('a wrong setting is one sentence', async () => {
  const { code, stderr } = await runToExit(['proxy'], { PORT: 'many' }, packed.main)
  expect(code).toBe(1)
  expect(stderr).toMatch(/^PORT must be .*\n$/)
})
