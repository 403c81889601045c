import type { Field } from './case.ts'
import { randomValue } from './make-answer.ts'
import type { Random } from './random.ts'

/** Headers that say whose call it is. They are ours, and no upstream may see them. */
export const taggingNames = [
  'x-thread-id',
  'x-session-id',
  'x-user-id',
  'x-agent-key',
  'x-trace-id',
  'x-trace-name',
  'x-tags',
  'x-metadata',
] as const

const hex = (random: Random, bytes: number): string => random.bytes(bytes).toString('hex')

/** Tags, good ones and such as clients get wrong. */
export function taggingFields(random: Random): Field[] {
  const fields: Field[] = taggingNames.filter(() => random.chance(0.15)).map((name) => [name, value(random)])
  if (random.chance(0.2)) fields.push(['traceparent', traceparent(random)])
  if (random.chance(0.1))
    fields.push(['baggage', random.pick(['a=b', 'langfuse_user_id=é', '=,;', randomValue(random)])])
  if (random.chance(0.1))
    fields.push(['x-stainless-retry-count', random.pick(['0', '1', '-1', 'many', '1e999'])])
  return fields
}

const value = (random: Random): string =>
  random.pick([
    randomValue(random),
    'thread-1',
    '',
    '{"a":1}',
    '{"__proto__":{"x":1},"constructor":7}',
    '[[[',
    'a,b,,a',
    'x'.repeat(3_000),
    Buffer.from('Grüße 🦜 \u202e').toString('latin1'),
    hex(random, 16),
  ])

const traceparent = (random: Random): string =>
  random.pick([
    `00-${hex(random, 16)}-${hex(random, 8)}-01`,
    `00-${'0'.repeat(32)}-${hex(random, 8)}-01`,
    `ff-${hex(random, 16)}-${hex(random, 8)}-01`,
    `00-${hex(random, 16).toUpperCase()}-${hex(random, 8)}-01`,
    '00-',
    randomValue(random),
  ])
