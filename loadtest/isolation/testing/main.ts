import { parseArgs } from 'node:util'
import { startRedis } from '../../../shared/testing/private-redis.ts'
import { allCallers, type Callers } from './callers.ts'
import { type LevelResult, runLevel } from './level.ts'
import { heading, problemsText, rowOf } from './report.ts'
import type { Carrier } from './threadtap.ts'

// `npm run loadtest:isolation`: are concurrent calls ever mixed up? ../README.md explains the method and the table.

type Options = {
  readonly levels: readonly number[]
  readonly carriers: readonly Carrier['kind'][]
  readonly sinks: readonly ('otlp' | 'ingestion')[]
  readonly callers: readonly Callers[]
  readonly seed: number
}

/** @throws Error naming the option that is wrong */
function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      levels: { type: 'string', default: '10,50,100,1000,5000' },
      carrier: { type: 'string', default: 'both' },
      sink: { type: 'string', default: 'both' },
      callers: { type: 'string', default: 'mix' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  })
  return {
    levels: values.levels.split(',').map((level) => wholeNumber('levels', level)),
    carriers: oneOrAll('carrier', values.carrier, ['spool', 'redis'], 'both'),
    sinks: oneOrAll('sink', values.sink, ['otlp', 'ingestion'], 'both'),
    callers: oneOrAll('callers', values.callers, allCallers, 'all'),
    seed: wholeNumber('seed', values.seed),
  }
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`--${option} takes whole numbers above 0, not "${text}"`)
  return Number(text)
}

function oneOrAll<T extends string>(
  option: string,
  text: string,
  known: readonly T[],
  all: string,
): readonly T[] {
  if (text === all) return known
  const chosen = known.filter((one) => one === text)
  if (chosen.length === 0)
    throw new Error(`--${option} is one of ${[...known, all].join(', ')}, not "${text}"`)
  return chosen
}

/** @returns whether there was no mismatch */
export async function main(args: readonly string[]): Promise<boolean> {
  const options = optionsOf(args)
  const redis = options.carriers.includes('redis') ? await startRedis() : undefined
  process.stdout.write(`seed ${options.seed}: --seed repeats these calls\n\n${heading()}\n`)
  const results: LevelResult[] = []
  for (const kind of options.carriers) {
    for (const sink of options.sinks) {
      for (const calls of options.levels) {
        for (const callers of options.callers) {
          const carrier = carrierOf(kind, redis?.url ?? '', results.length)
          const result = await runLevel({ calls, carrier, sink, callers, seed: options.seed })
          results.push(result)
          process.stdout.write(
            `${rowOf({ calls, carrier: kind, sink, callers }, result)}\n${problemsText(result)}`,
          )
        }
      }
    }
  }
  await redis?.stop()
  if (results.some(({ registered }) => registered === undefined)) {
    process.stdout.write('\nRegistered threads: skipped: no context store\n')
  }
  return results.every((result) => problemsText(result) === '')
}

/** Each level has its own queue in the shared Redis. */
function carrierOf(kind: Carrier['kind'], redisUrl: string, number: number): Carrier {
  if (kind === 'spool') return { kind }
  return { kind, env: { REDIS_URL: redisUrl, QUEUE_NAME: 'packs', QUEUE_PREFIX: `{isolation-${number}}` } }
}
