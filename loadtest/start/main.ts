import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { textTable } from '../compare/report/text-table.ts'
import { isInstalled, stopChild } from '../compare/subjects/child.ts'
import { startRedis } from '../compare/subjects/redis.ts'
import { restingMb, timeOf } from './measure.ts'
import { type Measured, rowsOf } from './report.ts'
import { commands, type StartSubject, servers } from './subjects.ts'

// `npm run loadtest:start [-- --rounds 9 --rest 3]`: how fast the release starts, and what it holds after some seconds in which
// nothing happens, beside bare Node. Round by round, so that what else the machine does meets all of them. Linux only: memory
// is read from /proc, with what the image sets of malloc.

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    /** Seconds until memory is measured. */
    rest: { type: 'string', default: '3' },
  },
})
const rounds = Number(options.rounds)
const restMs = Number(options.rest) * 1_000
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be a whole number from 1.')
if (!(restMs > 0)) throw new Error('--rest must be a number of seconds.')

const folder = mkdtempSync(join(tmpdir(), 'threadtap-start-'))
const redis = isInstalled('redis-server') ? await startRedis(folder) : undefined
if (redis === undefined)
  process.stderr.write('threadtap proxy is left out: there is no redis-server in PATH\n')

/** A proxy that cannot reach its Redis does not rest. */
const needsRedis = ({ args }: StartSubject): boolean => args.includes('proxy')
const measurable = servers.filter((subject) => redis !== undefined || !needsRedis(subject))
const environmentOf = (subject: StartSubject): Record<string, string> =>
  redis !== undefined && needsRedis(subject) ? { REDIS_URL: redis.url } : {}

const times = await inRounds(commands, ({ args }) => timeOf(args))
const memory = await inRounds(measurable, (subject) =>
  restingMb(subject.args, environmentOf(subject), restMs),
)
if (redis !== undefined) await stopChild(redis.child)
rmSync(folder, { recursive: true, force: true })

const table = (title: string, measured: readonly Measured[], unit: string): string =>
  textTable({
    head: [title, 'median', 'range', 'beside bare Node', 'goal'],
    rows: rowsOf(measured, unit),
  })
process.stdout.write(`Node ${process.version}, ${rounds} rounds\n\n`)
process.stdout.write(
  `${table('from start to end', times, 'ms')}\n${table(`resident after ${options.rest} s of rest`, memory, 'MB')}`,
)

async function inRounds(
  subjects: readonly StartSubject[],
  measure: (subject: StartSubject) => number | Promise<number>,
): Promise<readonly Measured[]> {
  const measured = subjects.map((subject) => ({ subject, values: [] as number[] }))
  for (let round = 0; round < rounds; round++) {
    for (const { subject, values } of measured) values.push(await measure(subject))
  }
  return measured
}
