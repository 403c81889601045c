import { isJsonObject, parseJson } from '../shared/json.ts'
import { localTime } from '../shared/presentation/cells.ts'
import type { Style } from './terminal/palette.ts'
import { paintOf, type Screen } from './terminal/screen.ts'
import { sanitize } from './terminal/text-width.ts'
import { wrap } from './terminal/wrap.ts'

const styles: Readonly<Record<string, Style>> = { error: 'red', fatal: 'red', warn: 'yellow', debug: 'dim' }

/** Fields that the time, the level and the request for this very thread have said already. */
const saidAlready = new Set(['level', 'time', 'msg', 'role', 'thread'])

/** A line of a log for people: time, level, message, and the other fields. What is not JSON is shown as it is. */
export function logLine(line: string, screen: Screen): string {
  const entry = parseJson(line)
  if (!isJsonObject(entry) || typeof entry.time !== 'string') return `${sanitize(line)}\n`
  const fields = Object.entries(entry)
    .filter(([key]) => !saidAlready.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const level = String(entry.level ?? '').padEnd(5)
  const time = localTime(Date.parse(entry.time), screen.now)
  const text = sanitize(`${entry.msg ?? ''}  ${fields.join(' ')}`)
  const [first = '', ...more] = wrap(`${time} ${level} ${text}`, screen.width, ' '.repeat(time.length + 7))
  const paint = paintOf(screen)
  return [first.replace(level, paint(styles[level.trim()], level)), ...more]
    .map((part) => `${part}\n`)
    .join('')
}

/** @returns whole lines of a text that comes in pieces, without line ends; the last one even if it has none */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
