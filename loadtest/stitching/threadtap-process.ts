import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CallSummary } from '../../shared/admin/call-store.ts'
import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'

/** `threadtap start` as built, with a folder of its own, on free ports. */
export type ThreadtapProcess = {
  readonly origin: string
  readonly pid: number
  /** Resolves once so many records are in its local store. */
  delivered(count: number): Promise<void>
  /** @returns what its API tells of all calls */
  records(): Promise<readonly InferenceRecord[]>
  stop(): Promise<void>
}

const main = fileURLToPath(new URL('../../main.js', import.meta.url))

export async function startThreadtap(upstreamPort: number, stitch: 'on' | 'off'): Promise<ThreadtapProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'threadtap-stitching-'))
  const child = spawn(process.execPath, [main, 'start'], {
    env: {
      PATH: process.env.PATH ?? '',
      PORT: '0',
      ADMIN_PORT: '0',
      DATA_DIR: dataDir,
      UPSTREAM_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
      STITCH: stitch,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let printed = ''
  child.stdout.setEncoding('utf8')
  while (!/\/ledger/.test(printed)) {
    const [text] = await Promise.race([once(child.stdout, 'data'), exited.then(() => failed())])
    printed += text
  }
  const origin = /OPENAI_BASE_URL=(http:\/\/[^/]+)/.exec(printed)?.[1] ?? failed()
  const admin = /(http:\/\/\S+)\/ledger/.exec(printed)?.[1] ?? failed()
  const getJson = async <T>(path: string): Promise<T> => (await (await fetch(`${admin}${path}`)).json()) as T

  return {
    origin,
    pid: child.pid as number,
    async delivered(count) {
      while ((await getJson<LedgerResponse>('/ledger')).delivered < count) await pause(50)
    },
    async records() {
      const found: InferenceRecord[] = []
      for (let before = ''; ; ) {
        const page = await getJson<readonly CallSummary[]>(`/api/calls?limit=200${before}`)
        for (const { id } of page) found.push(await getJson<InferenceRecord>(`/api/calls/${id}`))
        const last = page.at(-1)
        if (last === undefined) return found.reverse()
        before = `&before=${last.id}`
      }
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function failed(): never {
  throw new Error('threadtap did not start')
}
