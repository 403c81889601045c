import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { run } from '../../processes/testing/processes.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'

const built = (module: string): string =>
  fileURLToPath(new URL(`../../dist/deploy/example-app/${module}`, import.meta.url))

/** Starts one of the example's programs, as built. It is killed when the test has finished. */
function program(module: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [built(module)], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stdout.setEncoding('utf8')
  return child
}

const textOf = async (child: ReturnType<typeof program>): Promise<string> =>
  (await child.stdout.toArray()).join('')

async function startModel(): Promise<string> {
  const model = program('model/model.js', { HOST: '127.0.0.1', PORT: '0' })
  const [line] = (await once(model.stdout, 'data')) as [string]
  return `http://127.0.0.1:${/listening on (\d+)/.exec(line)?.[1]}/v1`
}

const codeOf = async (child: ChildProcess): Promise<number | null> =>
  child.exitCode ?? ((await once(child, 'exit')) as [number | null])[0]

test('the example application is recorded, and knows of nothing but a base URL', async () => {
  const threadtap = await run('start', { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: await startModel() })
  const app = program('app/app.js', { OPENAI_BASE_URL: threadtap.baseUrl, ROUNDS: '2', PAUSE_MS: '1' })
  const [text, code] = await Promise.all([textOf(app), codeOf(app)])
  expect(text).toBe(
    '1: You said: Say one thing about the number 1.\n2: You said: Say one thing about the number 2.\n',
  )
  expect(code).toBe(0)
  await threadtap.waitForLedger(({ delivered }) => delivered === 2)
})

test('the example application ends when it is told to', async () => {
  const app = program('app/app.js', { OPENAI_BASE_URL: await startModel() })
  await once(app.stdout, 'data')
  app.kill('SIGTERM')
  expect(await codeOf(app)).toBe(0)
})
