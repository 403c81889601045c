import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { setUpBench } from './bench.ts'
import { parseOptions } from './options.ts'
import { goalsTable } from './report/goals-table.ts'
import { htmlReport } from './report/html.ts'
import type { LoadResult, RampResult } from './report/summary.ts'
import { textOf } from './report/text.ts'
import { textTable } from './report/text-table.ts'
import { runScenario } from './run-scenario.ts'
import { scenarios } from './scenarios/all.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { subjectNames } from './subjects/subject.ts'

// `npm run loadtest:compare`: for what it does and how to read its tables see README.md.

// Each child is ended with this process, by a listener of its own.
process.setMaxListeners(100)
const options = parseOptions(process.argv.slice(2), scenarios)
const begunAt = new Date()
const say = (line: string): void => {
  const seconds = Math.round((Date.now() - begunAt.getTime()) / 1_000)
  process.stderr.write(`${String(seconds).padStart(4)} s  ${line}\n`)
}

const participants = (scenario: Scenario) => options.subjects ?? scenario.subjects
const wanted = new Set(options.scenarios.flatMap(participants))
const bench = await setUpBench(
  subjectNames.filter((name) => wanted.has(name)),
  say,
)
const results: (LoadResult | RampResult)[] = []
for (const scenario of options.scenarios) {
  const subjects = bench.subjects.filter(({ name }) => participants(scenario).includes(name))
  const result = await runScenario(scenario, subjects, bench, options, say)
  results.push(result)
  process.stdout.write(textOf(result, options.threads))
}
process.stdout.write(`\n${textTable(goalsTable(results))}`)

const about = {
  date: begunAt.toISOString(),
  node: process.version,
  processor: `${cpus().length} × ${cpus()[0]?.model ?? ''}`,
  'load average at the end': loadavg()
    .map((load) => load.toFixed(1))
    .join(', '),
  rounds: `${options.rounds} of ${options.seconds} s`,
}
if (options.html !== undefined) {
  writeFileSync(options.html, htmlReport(results, about))
  say(`report: ${options.html}`)
}
if (options.save) {
  const file = `loadtest/results/${begunAt.toISOString().replaceAll(':', '-').slice(0, 19)}.json`
  mkdirSync('loadtest/results', { recursive: true })
  writeFileSync(file, `${JSON.stringify({ about, results }, null, 1)}\n`)
  say(`results: ${file}`)
}
await bench.stop()
