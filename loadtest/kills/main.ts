import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startBusyProcesses } from '../process/busy-processes.ts'
import { startThreadtap } from '../process/start-threadtap.ts'
import { createRandom } from '../random/random.ts'
import { startModel } from './model.ts'
import { type KilledCall, reportText } from './report.ts'
import { readLedger, settledLedger, storedCalls } from './stored-calls.ts'
import { type SeenCall, startTraffic } from './traffic.ts'

// Kills a process of threadtap under load at random moments, again and again on one data folder, and looks which of the calls
// whose response had begun are in its store afterwards:
//   npm run loadtest:kills -- --kills 20 --per-second 200 --seed 1
//   npm run loadtest:kills -- --kills 10 --per-second 10 --prompt-bytes 3000000 --busy 10 --set REDACT=email

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    'per-second': { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    /** CRASH_JOURNAL */
    journal: { type: 'string', default: 'on' },
    /** Characters of each request's message. */
    'prompt-bytes': { type: 'string', default: '600' },
    /** NAME=value: settings of threadtap. */
    set: { type: 'string', multiple: true, default: [] },
    /** Processes beside it that never rest, and how nice they are. */
    busy: { type: 'string', default: '0' },
    nice: { type: 'string', default: '0' },
  },
})

const random = createRandom(Number(values.seed))
const model = await startModel()
const endBusy = startBusyProcesses(Number(values.busy), Number(values.nice))
const dataDir = mkdtempSync(join(tmpdir(), 'threadtap-kills-'))
const env = {
  DATA_DIR: dataDir,
  UPSTREAM_BASE_URL: `${model.origin}/v1`,
  INJECT_USAGE: 'never',
  STORE_MAX_CALLS: '1000000',
  STORE_MAX_BYTES: '4000000000',
  CRASH_JOURNAL: values.journal,
  LOG_LEVEL: 'error',
  ...Object.fromEntries(values.set.map((setting) => setting.split(/=(.*)/s).slice(0, 2))),
}
const killed: { readonly at: number; readonly seen: readonly SeenCall[] }[] = []
let accepted = 0
let neverDown = true
for (let round = 0; round < Number(values.kills); round++) {
  const threadtap = await startThreadtap(env)
  const before = await readLedger(threadtap.admin)
  neverDown &&= before.accepted >= accepted
  const traffic = startTraffic(
    threadtap.origin,
    { perSecond: Number(values['per-second']), promptBytes: Number(values['prompt-bytes']) },
    random,
  )
  await pause(random.integer(300, 2_000))
  accepted = (await readLedger(threadtap.admin)).accepted
  await pause(random.integer(0, 300))
  const exited = once(threadtap.child, 'exit')
  const at = performance.now()
  threadtap.child.kill('SIGKILL')
  await exited
  await traffic.stop()
  killed.push({ at, seen: traffic.seen })
  process.stderr.write(`kill ${round + 1}: ${traffic.seen.length} calls had begun\n`)
}

endBusy()
const last = await startThreadtap(env)
const ledger = await settledLedger(last.admin)
const stored = await storedCalls(last.admin)
const endings = new Map(stored.map(({ id, ending }) => [id, ending]))
const calls: readonly KilledCall[] = killed.flatMap(({ at, seen }) =>
  seen.map(({ id, begunAt, endedAt }) => ({
    begunMs: at - begunAt,
    ...(endedAt !== undefined && endedAt < at && { endedMs: at - endedAt }),
    ending: endings.get(id),
  })),
)
neverDown &&= ledger.accepted >= accepted
const result = {
  calls,
  kills: killed.length,
  stored: stored.length,
  different: endings.size,
  ledger,
  neverDown,
}
process.stdout.write(reportText(result))
await last.stop()
model.stop()
rmSync(dataDir, { recursive: true, force: true })
if (stored.length !== endings.size || ledger.accepted !== stored.length || !ledger.adds_up || !neverDown) {
  process.exitCode = 1
}
