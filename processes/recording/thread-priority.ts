import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Weighs about a tenth of the relay's thread where both want the same core, and runs at full speed where one is free. */
const nice = 10

/**
 * Makes the calling thread wait for the others of the process. On Linux a nice value belongs to a thread (setpriority(2),
 * "C library/kernel differences"), and any process may raise its own; elsewhere it belongs to the process, so nothing is done.
 */
export function lowerThreadPriority(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(currentThreadId(), nice)
  } catch {
    // Without /proc, or where a sandbox forbids it, threads compete as equals.
  }
}

/** The link reads `<process id>/task/<thread id>` (proc(5)). */
function currentThreadId(): number {
  return Number(readlinkSync('/proc/thread-self').split('/').at(-1))
}
