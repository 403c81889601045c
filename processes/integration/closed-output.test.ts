import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { freePort } from '../../shared/testing/private-redis.ts'
import { type Spawned, spawnThreadtap } from '../../shared/testing/spawned.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { threadLogName } from '../../shared/thread-logs/file-name.ts'

function spawned(args: readonly string[], env: Readonly<Record<string, string>> = {}): Spawned {
  const process = spawnThreadtap(args, env)
  onTestFinished(() => void process.child.kill('SIGKILL'))
  return process
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )

test('a process whose output nobody reads goes on relaying', async () => {
  const upstream = await startFakeUpstream(answerJson({ data: [] }))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const PORT = String(await freePort())
  const env = { DATA_DIR: tempDir(), PORT, UPSTREAM_BASE_URL: `${upstream.origin}/v1`, LOG_LEVEL: 'debug' }
  const process = spawned(['start'], env)
  process.child.stdout?.destroy()
  process.child.stderr?.destroy()
  await until(() => answers(`http://127.0.0.1:${PORT}/v1/models`))
  // The banner is printed before it stops, whenever the signal comes.
  expect(await process.stop()).toBe(0)
})

test('a command whose reader has seen enough ends without a word', async () => {
  const process = spawned(['completion', 'bash'])
  process.child.stdout?.destroy()
  expect(await process.exited).toBe(0)
  expect(process.stderr()).toBe('')
})

function logFile(thread: string): { readonly dataDir: string; readonly file: string } {
  const dataDir = tempDir()
  mkdirSync(join(dataDir, 'logs'))
  return { dataDir, file: join(dataDir, 'logs', threadLogName(Date.UTC(2026, 10, 20), thread)) }
}

test('a log is followed until its reader has seen enough', async () => {
  const { dataDir, file } = logFile('a')
  writeFileSync(file, 'first\n')
  const process = spawned(['logs', 'a'], { DATA_DIR: dataDir })
  await process.printed(/first\n/)
  process.child.stdout?.destroy()
  let hasExited = false
  void process.exited.then(() => {
    hasExited = true
  })
  await until(async () => {
    appendFileSync(file, 'more\n')
    return hasExited
  })
  expect(await process.exited).toBe(0)
  expect(process.stderr()).toBe('')
})

test('who follows the log of a thread that has none is told what is waited for', async () => {
  const { dataDir, file } = logFile('a')
  const process = spawned(['logs', 'a'], { DATA_DIR: dataDir })
  await until(async () => process.stderr().includes('THREAD_LOGS=on'))
  writeFileSync(file, 'first\n')
  await process.printed(/first\n/)
  expect(await process.stop('SIGINT')).toBe(0)
})
