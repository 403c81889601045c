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
import { systemClock } from '../../shared/timing/clock.ts'
import { createRecordingThread } from '../recording/recording-thread.ts'

const builtThread = new URL('../../dist/processes/recording/thread.js', import.meta.url)

/** The recording thread, which dies of an uncaught error as soon as `file` exists. */
function mortalThread(file: string): URL {
  const module = join(tempDir(), 'thread.mjs')
  const code = `
import { existsSync, rmSync } from 'node:fs'
import ${JSON.stringify(builtThread.href)}
setInterval(() => {
  if (!existsSync(${JSON.stringify(file)})) return
  rmSync(${JSON.stringify(file)})
  throw new Error('killed by the test')
}, 5)
`
  writeFileSync(module, code)
  return pathToFileURL(module)
}

async function startMortal(upstreamOrigin: string) {
  const killFile = join(tempDir(), 'kill')
  const env = {
    PORT: '0',
    ADMIN_PORT: '0',
    DATA_DIR: tempDir(),
    UPSTREAM_BASE_URL: `${upstreamOrigin}/v1`,
    LOG_LEVEL: 'silent',
  }
  const config = loadConfig(env)
  const log = createLogger('silent', 'start')
  const recording = createRecordingThread({
    role: 'start',
    env,
    log,
    relay: () => relay,
    entry: mortalThread(killFile),
  })
  const relay: RelayAssembly = assembleRelay(config, systemClock, log, recording)
  const lifecycle = createLifecycle([recording, ...relay.parts], () => undefined)
  await lifecycle.start()
  onTestFinished(async () => void (await lifecycle.stop(1_000)))
  const ledger = async (): Promise<LedgerResponse | undefined> =>
    fetch(`${recording.adminUrl()}/ledger`).then(
      async (response) => (await response.json()) as LedgerResponse,
      () => undefined,
    )
  const ledgerWhere = async (holds: (ledger: LedgerResponse) => boolean): Promise<LedgerResponse> => {
    for (;;) {
      const found = await ledger()
      if (found !== undefined && holds(found)) return found
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const chat = (): Promise<Response> =>
    fetch(`${relay.dataPort.url()}/v1/chat/completions`, {
      method: 'POST',
      body: '{"model":"m","messages":[]}',
    })
  const putContext = (): Promise<Response> =>
    fetch(`${relay.dataPort.url()}/_threadtap/contexts/t`, { method: 'PUT', body: '{"session_id":"s"}' })
  return { chat, putContext, ledgerWhere, kill: () => writeFileSync(killFile, '') }
}

test('where the recorder dies calls go on, it is started again, and what died with it is counted', async () => {
  const upstream = await startFakeUpstream(answerJson({ choices: [] }))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const { chat, ledgerWhere, kill } = await startMortal(upstream.origin)
  for (const _ of [1, 2]) await (await chat()).text()
  await ledgerWhere(({ delivered }) => delivered === 2)

  let respond: () => void = () => undefined
  const asked = new Promise<void>((resolve) => {
    upstream.answer = async (request, outgoing) => {
      resolve()
      await new Promise<void>((go) => {
        respond = go
      })
      return answerJson({ choices: [] })(request, outgoing)
    }
  })
  const underWay = chat()
  await asked
  kill()
  // The admin port is gone with its thread, and back with the next one.
  await ledgerWhere(({ dropped }) => dropped.recorder_died === 1)
  respond()
  expect(await (await underWay).json()).toEqual({ choices: [] })

  upstream.answer = answerJson({ choices: [] })
  expect(await (await chat()).json()).toEqual({ choices: [] })
  const ledger = await ledgerWhere(({ delivered }) => delivered === 3)
  expect(ledger).toMatchObject({ accepted: 4, dropped: { recorder_died: 1 }, adds_up: true })
})

test('while the recorder is being started again, contexts say so and do not blame Redis', async () => {
  const upstream = await startFakeUpstream(answerJson({ choices: [] }))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const { putContext, kill } = await startMortal(upstream.origin)
  expect((await putContext()).status).toBe(200)
  kill()
  let refused = await putContext()
  while (refused.status === 200) refused = await putContext()
  const { error } = (await refused.json()) as { readonly error: { readonly message: string } }
  expect(refused.status).toBe(503)
  expect(error.message).toContain('the recorder, which keeps the contexts, is being started again')

  let accepted = await putContext()
  while (accepted.status !== 200) accepted = await putContext()
})
