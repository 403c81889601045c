import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { endWithUs, stopChild } from '../compare/subjects/child.ts'
import { readUsage } from '../compare/usage/read-usage.ts'
import { imageEnv } from '../process/image-env.ts'

/** @returns ms that a program takes from its start to its end */
export function timeOf(args: readonly string[]): number {
  const startedAt = performance.now()
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`)
  return performance.now() - startedAt
}

/**
 * @param restMs how long it rests before it is measured, so that timers have run, and the start is forgotten
 * @returns resident memory of a program that listens and gets nothing to do, in MB
 */
export async function restingMb(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  restMs: number,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'threadtap-start-'))
  const child = endWithUs(
    spawn(process.execPath, args, {
      env: {
        PATH: process.env.PATH ?? '',
        PORT: '0',
        ADMIN_PORT: '0',
        DATA_DIR: folder,
        LOG_LEVEL: 'error',
        ...imageEnv,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  )
  const exited = once(child, 'exit').then(() => {
    throw new Error(`node ${args.join(' ')} ended before it was ready`)
  })
  exited.catch(() => undefined)
  await Promise.race([once(child.stdout ?? child, 'data'), exited])
  await pause(restMs)
  const [usage] = readUsage([{ role: 'relay', pid: child.pid ?? 0 }])
  await stopChild(child)
  rmSync(folder, { recursive: true, force: true })
  return usage?.residentMb ?? 0
}
