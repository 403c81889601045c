import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { assembleRelay, type RelayAssembly } from '../../proxy/relay-assembly.ts'
import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import { loadConfig } from '../../shared/config/load.ts'
import { createLifecycle } from '../../shared/lifecycle.ts'
import { createLogger } from '../../shared/logger.ts'
import { answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { systemClock } from '../../shared/timing/clock.ts'
import { createRecordingThread, type RecordingThreadOptions } from './recording-thread.ts'

const builtThread = new URL('../../dist/processes/recording/thread.js', import.meta.url)

/** The recording thread, which throws at its start until `file` exists. */
function failingThread(file: string): URL {
  const module = join(tempDir(), 'thread.mjs')
  const code = `
import { existsSync } from 'node:fs'
if (!existsSync(${JSON.stringify(file)})) throw new Error('not yet')
await import(${JSON.stringify(builtThread.href)})
`
  writeFileSync(module, code)
  return pathToFileURL(module)
}

/** One that never says anything. */
function silentThread(): URL {
  const module = join(tempDir(), 'thread.mjs')
  writeFileSync(module, 'setInterval(() => {}, 1_000)\n')
  return pathToFileURL(module)
}

async function start(options: Partial<RecordingThreadOptions>) {
  const upstream = await startFakeUpstream(answerJson({ choices: [] }))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const lines: string[] = []
  const log = createLogger('info', 'start', { write: (line) => void lines.push(line) })
  const env = {
    PORT: '0',
    ADMIN_PORT: '0',
    DATA_DIR: tempDir(),
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
    LOG_LEVEL: 'silent',
  }
  const recording = createRecordingThread({
    role: 'start',
    env,
    log,
    relay: () => relay,
    backoff: { baseMs: 20, maxMs: 20 },
    ...options,
  })
  const relay: RelayAssembly = assembleRelay(loadConfig(env), systemClock, log, recording)
  const lifecycle = createLifecycle([recording, ...relay.parts], () => undefined)
  onTestFinished(async () => void (await lifecycle.stop(1_000)))
  await lifecycle.start()
  const chat = async (): Promise<unknown> => {
    const url = `${relay.dataPort.url()}/v1/chat/completions`
    return (await fetch(url, { method: 'POST', body: '{"model":"m","messages":[]}' })).json()
  }
  return { recording, chat, lines }
}

test('where the recorder cannot start calls go on, and are recorded once it can', async () => {
  const startFile = join(tempDir(), 'go')
  const { recording, chat, lines } = await start({ entry: failingThread(startFile) })
  expect(recording.adminUrl()).toBeUndefined()
  expect(recording.degraded()).toMatchObject([{ part: 'recorder', reason: 'not yet' }])
  expect(await chat()).toEqual({ choices: [] })
  expect(lines.filter((line) => line.includes('calls go on unrecorded'))).toHaveLength(1)

  writeFileSync(startFile, '')
  await until(() => recording.adminUrl() !== undefined)
  expect(recording.degraded()).toEqual([])
  const get = (path: string) => fetch(`${recording.adminUrl()}${path}`)
  await until(async () => ((await (await get('/ledger')).json()) as LedgerResponse).delivered === 1)
  const metrics = await (await get('/metrics')).text()
  expect(metrics).toMatch(/threadtap_part_failures_total\{part="recorder"\} [1-9]/)
})

test('a recorder that does not come up holds up no call', async () => {
  const { recording, chat } = await start({ entry: silentThread(), startMs: 50 })
  expect(recording.degraded()).toMatchObject([{ part: 'recorder', reason: 'it has not started yet' }])
  expect(await chat()).toEqual({ choices: [] })
})
