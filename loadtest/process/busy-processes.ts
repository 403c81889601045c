import { spawn } from 'node:child_process'
import { setPriority } from 'node:os'
import { endWithUs } from '../compare/subjects/child.ts'

/**
 * Starts processes that never rest, so that others have to wait for a core.
 * @param nice of each: 10 competes with the recording thread, and yields to the relay
 * @returns ends them
 */
export function startBusyProcesses(count: number, nice: number): () => void {
  const children = Array.from({ length: count }, () => {
    const child = endWithUs(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
    if (child.pid !== undefined) setPriority(child.pid, nice)
    return child
  })
  return () => {
    for (const child of children) child.kill('SIGKILL')
  }
}
