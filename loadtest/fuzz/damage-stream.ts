import type { Random } from '../random/random.ts'
import { damage } from './damage.ts'

type Change = (text: string, random: Random) => string

/** Changes to a stream that no provider makes but that keep it a stream of lines. One character per byte. */
const changes: Readonly<Record<string, Change>> = {
  'line ends mixed': (text, random) =>
    text.replaceAll(/\r\n|\n|\r/g, () => random.pick(['\n', '\r\n', '\r'])),
  'byte order mark': (text) => `\xef\xbb\xbf${text}`,
  comments: (text, random) => insertLine(text, random, random.pick([': hm\n', ':\n\n', ': \xff\r\n'])),
  'empty data': (text, random) =>
    insertLine(text, random, random.pick(['data\n\n', 'data:\n\n', 'data: \n\n'])),
  'other fields': (text, random) => insertLine(text, random, 'event: x\nid: 1\nretry: 5\nunheard: of\n\n'),
  'error frame': (text, random) => insertLine(text, random, 'data: {"error":{"message":"no"}}\n\n'),
  'usage everywhere': (text, random) =>
    insertLine(text, random, 'data: {"choices":[],"usage":{"prompt_tokens":1}}\n\n'),
  'huge line': (text, random) => insertLine(text, random, `data: ${'x'.repeat(hugeLength(random))}\n\n`),
  'end without blank line': (text) => text.trimEnd(),
  'more after the end': (text) => text + text.slice(0, 4_000),
}

/** Mostly above the limit of what the relay holds back (64 KB), seldom above the limit of one event (4 MB). */
const hugeLength = (random: Random): number =>
  random.chance(0.03) ? random.integer(4_000_000, 6_000_000) : random.integer(60_000, 300_000)

/** @returns a stream after one to three changes, sometimes damaged as well, and notes of them */
export function damageStream(bytes: Buffer, random: Random): { bytes: Buffer; notes: string[] } {
  const notes = Array.from({ length: random.integer(1, 3) }, () => random.pick(Object.keys(changes)))
  const text = notes.reduce(
    (current, name) => changes[name]?.(current, random) ?? current,
    bytes.toString('latin1'),
  )
  const changed = Buffer.from(text, 'latin1')
  if (!random.chance(0.3)) return { bytes: changed, notes }
  const damaged = damage(changed, random)
  return { bytes: damaged.bytes, notes: [...notes, ...damaged.notes] }
}

/** Inserts a text after the end of a line, or at the start. */
function insertLine(text: string, random: Random, added: string): string {
  const lineEnd = text.indexOf('\n', random.integer(0, text.length))
  return text.slice(0, lineEnd + 1) + added + text.slice(lineEnd + 1)
}
