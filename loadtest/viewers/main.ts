import { parseArgs } from 'node:util'
import { textTable } from '../compare/report/text-table.ts'
import { startModule, stopChild } from '../compare/subjects/child.ts'
import { median } from '../overhead/quantile.ts'
import { startThreadtap } from '../process/start-threadtap.ts'
import { type Cost, measureRound, type ViewersLoad } from './measure.ts'

// `npm run loadtest:viewers [-- --rounds 5]`: what it costs that somebody looks at the live calls. Rounds without and with
// viewers take turns in one process, so that what else the machine does meets both. Linux only: CPU time is from /proc.

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be a whole number from 1.')

const viewerCounts = [0, 5] as const
const requestOf = (more: object): Buffer =>
  Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...more }))
const loads: readonly ViewersLoad[] = [
  { name: 'plain calls, 16 at once', body: requestOf({}), calls: 2_000, atOnce: 16 },
  {
    name: 'paced streams, 100 at once',
    body: requestOf({ model: 'paced', stream: true }),
    calls: 300,
    atOnce: 100,
  },
]

const upstream = await startModule(new URL('../overhead/upstream.js', import.meta.url))
const threadtap = await startThreadtap({
  UPSTREAM_BASE_URL: `http://127.0.0.1:${upstream.port}/v1`,
  LOG_LEVEL: 'error',
})
try {
  for (const load of loads) process.stdout.write(`${await measure(load)}\n`)
} finally {
  await threadtap.stop()
  await stopChild(upstream.child)
}

async function measure(load: ViewersLoad): Promise<string> {
  await measureRound(threadtap, load, 0) // until V8 has compiled what it will
  const costs = new Map<number, Cost[]>(viewerCounts.map((count) => [count, []]))
  for (let round = 0; round < rounds; round++) {
    for (const count of viewerCounts) costs.get(count)?.push(await measureRound(threadtap, load, count))
  }
  const of = (count: number, key: keyof Cost): number =>
    median((costs.get(count) ?? []).map((cost) => cost[key]))
  return textTable({
    head: [load.name, 'no viewer', '5 viewers', 'ratio'],
    rows: (['relayUs', 'processUs'] as const).map((key) => [
      key === 'relayUs' ? 'the relaying thread, per call' : 'the whole process, per call',
      ...viewerCounts.map((count) => `${of(count, key).toFixed(0)} µs`),
      `${(of(5, key) / of(0, key)).toFixed(2)} x`,
    ]),
  })
}
