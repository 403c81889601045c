import { readdirSync, readFileSync } from 'node:fs'
import { residentMbOf, threadNameOf, tickMs, ticksOf } from './parse-proc.ts'
import type { MeasuredProcess, ThreadUsage, Usage } from './process-usage.ts'

/**
 * Reads what processes have used since they were started.
 * @throws Error when one of them has ended: what it used can no longer be known
 */
export function readUsage(processes: readonly MeasuredProcess[]): readonly Usage[] {
  return processes.map(({ role, pid }) => {
    const threads = readThreads(pid)
    return {
      role,
      cpuMs: ticksOf(read(`${pid}/stat`)) * tickMs,
      // The first thread has the number of its process.
      mainThreadMs: threads.find(({ id }) => id === pid)?.cpuMs ?? 0,
      residentMb: residentMbOf(read(`${pid}/status`)),
      threads,
    }
  })
}

function readThreads(pid: number): readonly ThreadUsage[] {
  const ids = readdirSync(`/proc/${pid}/task`).map(Number)
  return ids
    .sort((a, b) => a - b)
    .flatMap((id) => {
      try {
        const stat = read(`${pid}/task/${id}/stat`)
        return { id, name: threadNameOf(stat), cpuMs: ticksOf(stat) * tickMs }
      } catch {
        return [] // It ended between the two looks.
      }
    })
}

const read = (file: string): string => readFileSync(`/proc/${file}`, 'utf8')
