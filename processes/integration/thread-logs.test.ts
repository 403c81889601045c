import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run, runToExit } from '../testing/processes.ts'

async function startThreadtap(env: Readonly<Record<string, string>>) {
  const upstream = await startFakeUpstream(answerJson({ id: 'c', choices: [] }))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const dataDir = tempDir()
  const where = { DATA_DIR: dataDir, UPSTREAM_BASE_URL: `${upstream.origin}/v1` }
  return { dataDir, threadtap: await run('start', { ...where, ...env }) }
}

const withLogs = { THREAD_LOGS: 'on', LOG_LEVEL: 'debug' }

const call = (baseUrl: string, thread?: string) =>
  fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-secret-key',
      ...omitUndefined({ 'x-thread-id': thread }),
    },
    body: JSON.stringify({
      model: 'm',
      messages: [{ role: 'user', content: 'a word that is nobody else’s' }],
    }),
  })

test('each thread has its own log file; the main log has a start and an end line of each call', async () => {
  const { dataDir, threadtap } = await startThreadtap(withLogs)
  for (const thread of ['one', '../two', 'one', undefined]) await call(threadtap.baseUrl, thread)
  expect(await threadtap.stop()).toBe(0)

  const folder = join(dataDir, 'logs')
  expect(readdirSync(folder)).toEqual([
    expect.stringMatching(/^\d{6}-___two~[0-9a-f]{12}\.log$/),
    expect.stringMatching(/^\d{6}-one\.log$/),
  ])
  const linesOf = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  const one = await runToExit(['logs', 'one', '--no-follow'], { DATA_DIR: dataDir })
  expect(linesOf(one.stdout).map(({ msg, thread }) => [thread, msg])).toEqual([
    ['one', 'call started'],
    ['one', 'call ended'],
    ['one', 'call started'],
    ['one', 'call ended'],
  ])
  const main = linesOf(threadtap.stderr()).filter(({ call }) => call !== undefined)
  expect(main.map(({ msg }) => msg)).toEqual(Array(4).fill(['call started', 'call ended']).flat())
  const allLogs = threadtap.stderr() + readdirSync(folder).map((name) => readFileSync(join(folder, name)))
  expect(allLogs).not.toContain('nobody else')
  expect(allLogs).not.toContain('secret-key')
})

test('without THREAD_LOGS there are no files, and the command says so', async () => {
  const { dataDir, threadtap } = await startThreadtap({})
  await call(threadtap.baseUrl, 'one')
  expect(await threadtap.stop()).toBe(0)
  expect(existsSync(join(dataDir, 'logs'))).toBe(false)
  const { code, stderr } = await runToExit(['logs', 'one', '--no-follow'], { DATA_DIR: dataDir })
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^There is no log of the thread one in/)])
})

test('with REDACT a log is called what its records are, from its first line on', async () => {
  const { dataDir, threadtap } = await startThreadtap({ ...withLogs, REDACT: 'email' })
  await call(threadtap.baseUrl, 'ada@mail.example')
  await threadtap.waitForLedger(({ delivered }) => delivered === 1)
  const [{ thread }] = await threadtap.getJson<[{ thread: string }]>('/api/threads')
  expect(thread).toMatch(/^\[email [0-9a-f]{8}\]$/)
  expect(await threadtap.stop()).toBe(0)

  const folder = join(dataDir, 'logs')
  const names = readdirSync(folder)
  expect(names).toHaveLength(1)
  const text = names.map((name) => readFileSync(join(folder, name), 'utf8')).join('')
  expect(names + text + threadtap.stderr()).not.toMatch(/ada|mail.example/)
  const shown = await runToExit(['logs', thread, '--no-follow'], { DATA_DIR: dataDir })
  expect(shown.stdout).toMatch(/call started.*\n.*call ended/)
})
