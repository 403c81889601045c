import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { answerStream, chatEvents, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { selfSigned } from '../../shared/testing/self-signed.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run, runToExit } from '../testing/processes.ts'

/** A program that knows nothing but its environment. */
const application = `
import OpenAI from 'openai'
const stream = await new OpenAI({ maxRetries: 0 }).chat.completions.create({ model: 'm', messages: [], stream: true })
for await (const { choices } of stream) process.stdout.write(choices[0].delta.content ?? '')
`

function runApplication(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', application], {
    env: { PATH: process.env.PATH ?? '', OPENAI_API_KEY: 'sk-test', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return Promise.all([text(child.stdout), text(child.stderr)])
}

test('with TLS_CERT and TLS_KEY the data port speaks https, and the admin port stays as it is', async () => {
  const upstream = await startFakeUpstream(answerStream(chatEvents(['Hel', 'lo'], { total_tokens: 3 })))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const { certFile, keyFile } = selfSigned()
  const threadtap = await run('start', {
    DATA_DIR: tempDir(),
    UPSTREAM_BASE_URL: upstream.origin,
    TLS_CERT: certFile,
    TLS_KEY: keyFile,
  })
  expect(threadtap.baseUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/v1$/)
  expect(threadtap.admin).toMatch(/^http:/)
  const [said] = await runApplication({ OPENAI_BASE_URL: threadtap.baseUrl, NODE_EXTRA_CA_CERTS: certFile })
  expect(said).toBe('Hello')
  const [, complaint] = await runApplication({ OPENAI_BASE_URL: threadtap.baseUrl })
  expect(complaint).toMatch(/self-signed|SELF_SIGNED/)
  await threadtap.waitForLedger(({ delivered }) => delivered === 1)
  expect(await threadtap.getJson('/readyz')).toMatchObject({ ready: true })
  expect(await threadtap.stop()).toBe(0)
})

test('a certificate that cannot be used stops the start with a sentence', async () => {
  const { code, stderr } = await runToExit(['start'], {
    DATA_DIR: tempDir(),
    TLS_CERT: selfSigned().certFile,
    TLS_KEY: selfSigned().keyFile,
  })
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^TLS_CERT and TLS_KEY do not work together \(the key is of another certificate\): .*\n$/,
  )
})

test('an upstream that cannot be understood stops the start with a sentence', async () => {
  const env = { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: 'http://127.0.0.1:1/v1/chat/completions' }
  expect(await runToExit(['start'], env)).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'UPSTREAM_BASE_URL must be a base URL, without /chat/completions: http://127.0.0.1:1/v1, not "http://127.0.0.1:1/v1/chat/completions"\n',
  })
})
