import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type RunningDemo = {
  readonly child: ChildProcess /** Address of the admin port. */
  readonly admin: string
}

/** The demo as built, on free ports, with a folder of its own; resolves once its threads have talked once. */
export async function startDemo(): Promise<RunningDemo> {
  const dataDir = mkdtempSync(join(tmpdir(), 'threadtap-screenshots-'))
  const main = fileURLToPath(new URL('../demo/main.js', import.meta.url))
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', ADMIN_PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.once('exit', () => rmSync(dataDir, { recursive: true, force: true }))
  process.once('exit', () => child.kill('SIGKILL'))
  child.stdout.setEncoding('utf8')
  let printed = ''
  const exited = once(child, 'exit').then(() => {
    throw new Error(`the demo ended before it was ready; it printed: ${printed}`)
  })
  exited.catch(() => undefined)
  while (!printed.includes('Ctrl-C ends the demo'))
    printed += (await Promise.race([once(child.stdout, 'data'), exited]))[0]
  return { child, admin: /(http:\/\/\S+)\/ledger/.exec(printed)?.[1] ?? '' }
}
