import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

/** A relay under measurement, running as a separate process. */
export type Subject = {
  readonly name: string
  /** URL of calls: `http://127.0.0.1:<port>/v1/chat/completions`. */
  readonly url: string
  /** CPU time used so far, in µs. */
  cpuMicros(): number
  /** Resident memory, in MB. */
  residentMb(): number
  stop(): Promise<void>
}

/** @param port the relay's, on 127.0.0.1 */
export function processSubject(name: string, port: number, child: ChildProcess): Subject {
  return {
    name,
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    cpuMicros: () => cpuMicros(child.pid ?? 0),
    residentMb: () => residentMb(child.pid ?? 0),
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** User and system time, in clock ticks of 10 ms (proc(5), fields 14 and 15 of stat). */
function cpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** proc(5), VmRSS of status. */
function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}
