import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run, runToExit } from '../testing/processes.ts'

const mail = 'ann@mail.example'

test('what REDACT names reaches the upstream and the client, and no file', async () => {
  const choice = { index: 0, message: { role: 'assistant', content: `Dear ${mail}` }, finish_reason: 'stop' }
  await using upstream = await startFakeUpstream(answerJson({ choices: [choice] }))
  const dir = tempDir()
  const threadtap = await run('start', {
    DATA_DIR: dir,
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
    REDACT: 'email',
  })
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: `I am ${mail}` }] })
  const response = await fetch(`${threadtap.baseUrl}/chat/completions`, {
    method: 'POST',
    body,
    headers: { 'x-user-id': mail },
  })
  expect(await response.text()).toContain(mail)
  await threadtap.waitForLedger(({ delivered }) => delivered === 1)
  expect(await threadtap.stop()).toBe(0)

  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const written = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join()
  expect(written).toContain('Dear [email]')
  expect(written).not.toContain(mail)
})

test('the data folder and its files belong to their user alone, also where they were open to others', async () => {
  await using upstream = await startFakeUpstream(answerJson({ choices: [] }))
  const dir = tempDir()
  chmodSync(dir, 0o777)
  const threadtap = await run('start', {
    DATA_DIR: dir,
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
    THREAD_LOGS: 'on',
  })
  await fetch(`${threadtap.baseUrl}/chat/completions`, { method: 'POST', body: '{"model":"m"}' })
  await threadtap.waitForLedger(({ delivered }) => delivered === 1)
  expect(openToOthers(dir)).toEqual([])

  // Commands open the databases of a process that has ended, and write files in doing so.
  expect(await threadtap.stop()).toBe(0)
  const { stdout } = await runToExit(['calls'], { DATA_DIR: dir, ADMIN_PORT: '0' })
  expect(stdout).toContain('completed')
  await runToExit(['doctor'], { DATA_DIR: dir, ADMIN_PORT: '0', UPSTREAM_BASE_URL: `${upstream.origin}/v1` })
  expect(openToOthers(dir)).toEqual([])
})

const openToOthers = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .concat(dir)
    .filter((path) => (statSync(path).mode & 0o077) !== 0)
