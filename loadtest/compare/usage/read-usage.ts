import { readFileSync } from 'node:fs'
import { residentMbOf, tickMs, ticksOf } from './parse-proc.ts'
import type { MeasuredProcess, Usage } from './process-usage.ts'

/** Reads what processes have used since they were started. One that has ended is left out. */
export function readUsage(processes: readonly MeasuredProcess[]): readonly Usage[] {
  return processes.flatMap(({ role, pid }) => {
    try {
      const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, 'utf8')
      return {
        role,
        cpuMs: ticksOf(read('stat')) * tickMs,
        mainThreadMs: ticksOf(read(`task/${pid}/stat`)) * tickMs,
        residentMb: residentMbOf(read('status')),
      }
    } catch {
      return []
    }
  })
}
