import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A control group with a limit of memory, as a container has it: what takes more is killed. */
export type MemoryCgroup = {
  /** A process joins by writing its pid here. */
  readonly procsFile: string
}

type Hierarchy = { readonly folder: string; readonly limitFile: string }

/** Version 1 with its memory controller, else version 2. */
const hierarchies: readonly Hierarchy[] = [
  { folder: '/sys/fs/cgroup/memory', limitFile: 'memory.limit_in_bytes' },
  { folder: '/sys/fs/cgroup', limitFile: 'memory.max' },
]

/**
 * Removed when this process ends, as no process may be in it then.
 * @throws Error where it cannot be made
 */
export function createMemoryCgroup(bytes: number): MemoryCgroup {
  const { folder, limitFile } = hierarchies.find((one) => existsSync(one.folder)) as Hierarchy
  const group = join(folder, `threadtap-faults-${process.pid}-${groups++}`)
  mkdirSync(group)
  process.once('exit', () => remove(group))
  if (!existsSync(join(group, limitFile))) throw new Error(`${group} has no ${limitFile}`)
  writeFileSync(join(group, limitFile), String(bytes))
  return { procsFile: join(group, 'cgroup.procs') }
}

let groups = 0

/** @returns why there can be none here, or undefined */
export function memoryCgroupUnavailable(): string | undefined {
  try {
    createMemoryCgroup(1_073_741_824)
    return undefined
  } catch (cause) {
    return `a memory limit cannot be set here (root on Linux can, with cgroups): ${cause instanceof Error ? cause.message : cause}`
  }
}

function remove(group: string): void {
  try {
    rmdirSync(group)
  } catch {
    // A process that is ending is still in it; an empty group does no harm.
  }
}
