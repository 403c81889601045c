import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Load, LoadReport } from './load/load.ts'
import type { Drive } from './measure.ts'
import { endWithUs, startModule, stopChild } from './subjects/child.ts'
import { starts } from './subjects/start.ts'
import type { Subject, SubjectName } from './subjects/subject.ts'

/** Model, driver and all subjects, running, each in processes of its own. */
export type Bench = {
  /** Those that could be started, paused. */
  readonly subjects: readonly Subject[]
  readonly drive: Drive
  stop(): Promise<void>
}

/** @param say takes a line of progress */
export async function setUpBench(names: readonly SubjectName[], say: (line: string) => void): Promise<Bench> {
  const model = await startModule(new URL('./load/model.js', import.meta.url))
  const [driver, second] = [startDriver(), startDriver()]
  const drive: Drive = async (subject, load, beside) => {
    const other = beside === undefined ? undefined : second.drive(subject, beside)
    const report = await driver.drive(subject, load)
    const failedBeside = (await other)?.failed ?? 0
    return { ...report, failed: report.failed + failedBeside }
  }

  const subjects: Subject[] = []
  for (const name of names) {
    const subject = await starts[name](model.port)
    if (typeof subject === 'string') {
      say(`skipped: ${name}: ${subject}`)
      continue
    }
    say(`warming up: ${name}`)
    for (const load of warmUp) await drive(subject, load)
    pause(subject)
    subjects.push(subject)
  }
  return {
    subjects,
    drive,
    async stop() {
      subjects.forEach(resume)
      await Promise.all(subjects.map((subject) => subject.stop()))
      await Promise.all([driver.child, second.child, model.child].map(stopChild))
    },
  }
}

/** After fewer, much of what is measured is V8 compiling the program, which a process does once. */
const warmUp: readonly Load[] = [
  { kind: 'crowd', thinkMs: 0, total: 8_000, atOnce: 8, promptBytes: 600 },
  { kind: 'streams', streams: 20, framesPerSecond: 100, seconds: 4 },
]

type Driver = { readonly child: ChildProcess; drive(subject: Subject, load: Load): Promise<LoadReport> }

function startDriver(): Driver {
  const file = fileURLToPath(new URL('./load/driver.js', import.meta.url))
  const child = endWithUs(fork(file, { serialization: 'advanced' }))
  return {
    child,
    async drive({ url, headers = [] }, load) {
      child.send({ url, headers, load })
      const [report] = await once(child, 'message')
      return report as LoadReport
    },
  }
}

/** One that is not measured must not take CPU time from the one that is, whatever it still has to deliver. */
export const pause = (subject: Subject): void => signal(subject, 'SIGSTOP')
export const resume = (subject: Subject): void => signal(subject, 'SIGCONT')

function signal({ processes }: Subject, name: NodeJS.Signals): void {
  for (const { pid } of processes) process.kill(pid, name)
}
