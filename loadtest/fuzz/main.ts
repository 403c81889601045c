import { parseArgs } from 'node:util'
import { readCase, writeCase } from './case-file.ts'
import { recordedExchanges } from './exchange.ts'
import { generateCase } from './generate-case.ts'
import { reportText } from './report.ts'
import { run } from './run.ts'

// Sends random and damaged calls to a process of threadtap and verifies every byte:
//   npm run loadtest:fuzz -- --seconds 60 --seed 1
// Exits with 1 when there was a problem. Failed cases are written to files, for `--replay <file>`.

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    /** Number of calls, instead of a duration. */
    cases: { type: 'string' },
    seed: { type: 'string', default: '1' },
    /** Index of the first case. */
    from: { type: 'string', default: '0' },
    /** INJECT_USAGE of the process. */
    inject: { type: 'string', default: 'auto' },
    replay: { type: 'string' },
  },
})

const seed = Number(values.seed)
const recorded = recordedExchanges(process.env.CORPUS_DIR ?? '../shared/corpus')
const replayed = values.replay === undefined ? undefined : [readCase(values.replay)]
const until =
  values.cases === undefined ? Date.now() + Number(values.seconds) * 1_000 : Number.POSITIVE_INFINITY
const end = Number(values.from) + Number(values.cases ?? Number.POSITIVE_INFINITY)
let index = Number(values.from)

const print = (text: string): void => void process.stdout.write(`${text}\n`)

print(values.replay ?? `seed ${seed}, from ${recorded.length} recorded exchanges and generated ones`)
const report = await run({
  nextCase() {
    if (replayed !== undefined) return replayed.pop()
    return Date.now() < until && index < end ? generateCase(seed, index++, recorded) : undefined
  },
  injectUsage: values.inject,
  settleMs: values.cases === undefined ? 6_000 : 0,
  onProgress({ cases, failed, memoryBytes }) {
    process.stderr.write(`${cases} calls, ${failed} failed, ${Math.round(memoryBytes / 1e6)} MB\n`)
  },
  onProblems(fuzzCase, problems) {
    print(`seed ${seed}, case ${fuzzCase.index} (${fuzzCase.notes.join('; ')})`)
    for (const problem of problems) print(`  ${problem}`)
    print(`  again with: npm run loadtest:fuzz -- --replay ${writeCase(fuzzCase, problems)}`)
  },
})
print(reportText(report))
if (report.failed > 0 || report.problems.length > 0) process.exitCode = 1
