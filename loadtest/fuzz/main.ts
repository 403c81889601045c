import { parseArgs } from 'node:util'
import { readCase, writeCase } from './case-file.ts'
import { recordedExchanges } from './exchange.ts'
import { makeCase } from './make-case.ts'
import { reportText } from './report.ts'
import { run } from './run.ts'

// Fires random and damaged calls at a process of threadtap and looks at every byte:
//   npm run loadtest:fuzz -- --seconds 60 --seed 1
// Ends with 1 where anything was wrong. What went wrong is written down, for `--replay <file>`.

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    /** Ends after that many calls, however long they take. */
    cases: { type: 'string' },
    seed: { type: 'string', default: '1' },
    /** The first case's number. */
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

const say = (text: string): void => void process.stdout.write(`${text}\n`)

say(values.replay ?? `seed ${seed}, from ${recorded.length} recorded exchanges and made-up ones`)
const report = await run({
  nextCase() {
    if (replayed !== undefined) return replayed.pop()
    return Date.now() < until && index < end ? makeCase(seed, index++, recorded) : undefined
  },
  injectUsage: values.inject,
  settleMs: values.cases === undefined ? 6_000 : 0,
  onProblems(one, problems) {
    say(`seed ${seed}, case ${one.index} (${one.notes.join('; ')})`)
    for (const problem of problems) say(`  ${problem}`)
    say(`  again with: npm run loadtest:fuzz -- --replay ${writeCase(one, problems)}`)
  },
})
say(reportText(report))
if (report.failed > 0 || report.problems.length > 0) process.exitCode = 1
