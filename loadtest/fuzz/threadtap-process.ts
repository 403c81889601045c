import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'

/** The process under test. */
export type ThreadtapProcess = {
  readonly port: number
  /** Log lines that report a defect: errors, and anything that is not a log line. */
  readonly errorLines: readonly string[]
  isUp(): boolean
  /** Resident memory. */
  rssBytes(): number
  ledger(): Promise<LedgerResponse>
  /** @returns its exit code */
  stop(): Promise<number | null>
}

const main = fileURLToPath(new URL('../../main.js', import.meta.url))

/** Starts `threadtap start` as built, on free ports, with its own data folder. */
export async function startThreadtap(upstreamPort: number, injectUsage: string): Promise<ThreadtapProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'threadtap-fuzz-'))
  const child = spawn(process.execPath, [main, 'start'], {
    env: {
      PATH: process.env.PATH ?? '',
      PORT: '0',
      ADMIN_PORT: '0',
      DATA_DIR: dataDir,
      UPSTREAM_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
      INJECT_USAGE: injectUsage,
      STORE_MAX_CALLS: '500',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const errorLines: string[] = []
  createInterface(child.stderr).on('line', (line) => {
    if (!/^\{"level":"(warn|info|debug)"/.test(line)) errorLines.push(line)
  })
  let printed = ''
  child.stdout.setEncoding('utf8')
  while (!/\/ledger/.test(printed))
    printed += (await Promise.race([once(child.stdout, 'data'), failed(exited)]))[0]
  const port = Number(/OPENAI_BASE_URL=http:\/\/[^:]+:(\d+)/.exec(printed)?.[1])
  const ledgerUrl = /http:\S+\/ledger/.exec(printed)?.[0] ?? ''
  return {
    port,
    errorLines,
    isUp: () => child.exitCode === null && child.signalCode === null,
    rssBytes: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    ledger: async () => (await (await fetch(ledgerUrl)).json()) as LedgerResponse,
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exited
      rmSync(dataDir, { recursive: true, force: true })
      return code
    },
  }
}

async function failed(exited: Promise<unknown[]>): Promise<never> {
  throw new Error(`threadtap did not start: exit code ${(await exited)[0]}`)
}
