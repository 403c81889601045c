import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { endWithUs, stopChild } from '../compare/subjects/child.ts'

/** `threadtap start` as built, in a process of its own, ready. */
export type StartedThreadtap = {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  /** Origin of the data port: `http://127.0.0.1:4010`. */
  readonly origin: string
  /** Origin of the admin port. */
  readonly admin: string
  /** Removes its data folder, too. @returns its exit code, or null where a signal ended it */
  stop(): Promise<number | null>
}

const main = fileURLToPath(new URL('../../main.js', import.meta.url))

/**
 * Starts it on free ports, with a data folder of its own and nothing of the surrounding environment but PATH.
 * @throws Error with its exit code where it ends before it is ready
 */
export async function startThreadtap(env: Readonly<Record<string, string>>): Promise<StartedThreadtap> {
  const dataDir = mkdtempSync(join(tmpdir(), 'threadtap-loadtest-'))
  const child = spawn(process.execPath, [main, 'start'], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', ADMIN_PORT: '0', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithUs(child)
  const exited = once(child, 'exit')
  let printed = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    printed += text
  })
  while (!/\/ledger/.test(printed))
    await Promise.race([once(child.stdout, 'data'), failed(exited, child.stderr)])
  return {
    child,
    origin: /OPENAI_BASE_URL=(http:\/\/[^/]+)/.exec(printed)?.[1] ?? '',
    admin: /(http:\/\/\S+)\/ledger/.exec(printed)?.[1] ?? '',
    async stop() {
      await stopChild(child)
      rmSync(dataDir, { recursive: true, force: true })
      return child.exitCode
    },
  }
}

async function failed(exited: Promise<unknown[]>, stderr: Readable): Promise<never> {
  const [code] = await exited
  throw new Error(`threadtap did not start: exit code ${code}: ${stderr.read() ?? ''}`)
}
