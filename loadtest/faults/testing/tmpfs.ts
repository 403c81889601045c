import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A small file system of its own, which can be full or read-only without harm to the machine's. */
export type Disk = { readonly folder: string; remove(): void }

/** @throws Error with what `mount` said */
export function mountDisk(size: string): Disk {
  const folder = mkdtempSync(join(tmpdir(), 'threadtap-faults-disk-'))
  run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder)
  const remove = (): void => {
    process.off('exit', remove)
    spawnSync('umount', ['--lazy', folder])
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', remove)
  return { folder, remove }
}

/** Lays a read-only, empty file system over a folder. @returns what takes it away again */
export function coverReadOnly(folder: string): () => void {
  run('mount', '-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', folder)
  return () => run('umount', folder)
}

/** @returns why nothing can be mounted here, or undefined */
export function mountUnavailable(): string | undefined {
  try {
    mountDisk('1m').remove()
    return undefined
  } catch (cause) {
    return `a file system cannot be mounted here (root on Linux can): ${cause instanceof Error ? cause.message : cause}`
  }
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(error?.message ?? stderr.trim())
}
