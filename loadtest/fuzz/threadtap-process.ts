import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import { startThreadtap } from '../process/start-threadtap.ts'

/** The process under test. */
export type ThreadtapProcess = {
  readonly port: number
  /** Log lines that report a defect: errors, and anything that is not a log line. */
  readonly errorLines: readonly string[]
  isUp(): boolean
  /** Resident memory, without files: the kernel takes back what of the databases' is mapped. */
  memoryBytes(): number
  ledger(): Promise<LedgerResponse>
  /** @returns its exit code */
  stop(): Promise<number | null>
}

/** Starts `threadtap start` as built, on free ports, with its own data folder. */
export async function startFuzzedThreadtap(
  upstreamPort: number,
  injectUsage: string,
): Promise<ThreadtapProcess> {
  const { child, origin, admin, stop } = await startThreadtap({
    UPSTREAM_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
    INJECT_USAGE: injectUsage,
    STORE_MAX_CALLS: '500',
    LOG_LEVEL: 'warn',
  })
  const errorLines: string[] = []
  createInterface(child.stderr).on('line', (line) => {
    if (!/^\{"level":"(warn|info|debug)"/.test(line)) errorLines.push(line)
  })
  return {
    port: Number(new URL(origin).port),
    errorLines,
    isUp: () => child.exitCode === null && child.signalCode === null,
    memoryBytes() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      const kilobytes = [/^RssAnon:\s+(\d+)/m, /^RssShmem:\s+(\d+)/m].map((field) => field.exec(status)?.[1])
      return kilobytes.reduce((sum, value) => sum + Number(value), 0) * 1024
    },
    ledger: async () => (await (await fetch(`${admin}/ledger`)).json()) as LedgerResponse,
    stop,
  }
}
