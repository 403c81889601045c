import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Load, LoadReport } from './load/load.ts'
import { measure } from './measure.ts'
import { parseOptions } from './options.ts'
import { printTable } from './report/print.ts'
import type { Sample } from './report/sample.ts'
import { scenarios } from './scenarios/all.ts'
import { endWithUs, startModule, stopChild } from './subjects/child.ts'
import { starts } from './subjects/start.ts'
import type { Subject } from './subjects/subject.ts'

// `npm run loadtest:compare`: see README.md.

const options = parseOptions(process.argv.slice(2), scenarios)
const model = await startModule(new URL('./load/model.js', import.meta.url))
const driver = endWithUs(
  fork(fileURLToPath(new URL('./load/driver.js', import.meta.url)), { serialization: 'advanced' }),
)

async function drive(url: string, load: Load): Promise<LoadReport> {
  driver.send({ url, load })
  const [report] = await once(driver, 'message')
  return report as LoadReport
}

// Not one stream of text: the tables are the result, what is going on is not.
const say = (text: string): void => void process.stderr.write(`${text}\n`)
const wakeUp = ({ processes }: Subject): void =>
  processes.forEach(({ pid }) => void process.kill(pid, 'SIGCONT'))
/** One that is not measured must not take CPU time from the one that is, whatever it still has to deliver. */
const putToSleep = ({ processes }: Subject): void =>
  processes.forEach(({ pid }) => void process.kill(pid, 'SIGSTOP'))

const subjects: Subject[] = []
for (const name of options.subjects) {
  const subject = await (starts[name]?.(model.port) ?? 'not built yet')
  if (typeof subject === 'string') {
    say(`skipped: ${name}: ${subject}`)
    continue
  }
  say(`warming up: ${name}`)
  await drive(subject.url, { kind: 'crowd', model: 'prompt', total: 3_000, atOnce: 8, promptBytes: 600 })
  putToSleep(subject)
  subjects.push(subject)
}

const samples: Sample[] = []
for (const scenario of options.scenarios) {
  const taking = subjects.filter(({ name }) => scenario.subjects.includes(name))
  for (let round = 1; round <= options.rounds; round++) {
    for (const subject of taking) {
      say(`${scenario.name}, round ${round} of ${options.rounds}: ${subject.name}`)
      wakeUp(subject)
      const measured = await measure(subject, scenario.load(options.seconds), drive)
      putToSleep(subject)
      samples.push({ scenario: scenario.name, subject: subject.name, round, ...measured })
    }
  }
  process.stdout.write(printTable(scenario, samples))
}

for (const subject of subjects) {
  wakeUp(subject)
  await subject.stop()
}
for (const child of [driver, model.child]) await stopChild(child)
