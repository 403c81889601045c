import type { Random } from '../random/random.ts'
import type { Field } from './case.ts'
import { randomFieldValue } from './generate-response.ts'

/** threadtap's attribution headers, which must not reach the upstream. */
export const attributionHeaderNames = [
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

/** Attribution headers, valid ones and those that clients get wrong. */
export function attributionHeaders(random: Random): Field[] {
  const fields: Field[] = attributionHeaderNames
    .filter(() => random.chance(0.15))
    .map((name) => [name, value(random)])
  if (random.chance(0.2)) fields.push(['traceparent', traceparent(random)])
  if (random.chance(0.1))
    fields.push(['baggage', random.pick(['a=b', 'langfuse_user_id=é', '=,;', randomFieldValue(random)])])
  if (random.chance(0.1))
    fields.push(['x-stainless-retry-count', random.pick(['0', '1', '-1', 'many', '1e999'])])
  return fields
}

const value = (random: Random): string =>
  random.pick([
    randomFieldValue(random),
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
    randomFieldValue(random),
  ])
