import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readRecordedRuns } from '../../shared/recordings/recorded-runs.ts'
import { type Cost, costText, measureCost } from './cost.ts'
import { ordered, orderNames } from './order.ts'
import { replay } from './replay.ts'
import { reportText } from './report.ts'
import { type Score, scoreOf } from './score.ts'
import { withoutCopies } from './without-copies.ts'

// Plays recorded conversations through a process of threadtap, and counts its links against them:
//   npm run loadtest:stitching -- --seed 1 --cost
// Exits with 1 where a goal is missed.

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    /** Folder of recordings, in place of RUNS_DIR. */
    runs: { type: 'string' },
    /** Also play recordings that are copies of others. */
    copies: { type: 'boolean', default: false },
    /** Also what linking costs. */
    cost: { type: 'boolean', default: false },
    /** One line for each problem. */
    verbose: { type: 'boolean', default: false },
  },
})

const fixtures = join(process.cwd(), 'loadtest/stitching/fixtures')
const wanted = values.runs ?? process.env.RUNS_DIR ?? '../shared/runs'
const folder = existsSync(wanted) ? wanted : fixtures
const all = readRecordedRuns(folder)
const recordings = withoutCopies(all)
const seed = Number(values.seed)
const costRounds = 3

const print = (text: string): void => void process.stdout.write(`${text}\n`)
let isMissed = false

function show(
  title: string,
  score: Score,
  goals: { readonly precision: number; readonly recall: number },
): void {
  print(reportText(title, score))
  if (values.verbose) for (const problem of score.problems) print(`  ${problem}`)
  const { links, wrong, found, expected } = score.total
  const isReached =
    (links - wrong) / links >= goals.precision &&
    found / expected >= goals.recall &&
    score.tools.exact === score.tools.expected
  if (!isReached) print(`MISSED: precision ${goals.precision}, recall ${goals.recall}, every tool exact\n`)
  isMissed ||= !isReached
}

print(
  `${all.length} recordings in ${folder === fixtures ? 'the fixtures' : folder}, ${recordings.length} without copies; seed ${seed}\n`,
)
const apart = await replay(ordered(all, 'sequential', seed), 'run by run')
show('a credential for each run, sequential', scoreOf(apart), { precision: 0.99, recall: 0.97 })
for (const order of orderNames) {
  const steps = ordered(values.copies ? all : recordings, order, seed)
  show(`one pool, ${order}`, scoreOf(await replay(steps, 'one pool')), { precision: 0.99, recall: 0.9 })
}
if (values.cost) {
  const steps = ordered(recordings, 'round robin', seed)
  const [on, off]: [Cost[], Cost[]] = [[], []]
  for (let round = 0; round < costRounds; round++) {
    on.push(await measureCost(steps, 'on'))
    off.push(await measureCost(steps, 'off'))
  }
  print(costText(on, off))
}
if (isMissed) process.exitCode = 1
