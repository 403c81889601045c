import { omitUndefined } from '../omit-undefined.ts'
import type { CallFilter } from './call-search.ts'

/** A value that is not understood; the message is one sentence for people. */
export class WrongFilter extends Error {
  override readonly name = 'WrongFilter'
}

type Parameters = Readonly<Record<string, string | undefined>>

/**
 * A filter as it stands in an address: `?text=&model=&upstream=&user=&session=&agent=&thread=&errors=1&slower=2s&from=1h&to=`.
 * `slower` is in ms or, with an `s`, in seconds; `from` and `to` are ISO 8601, ms since 1970, or so long ago (`15m`, `1h`,
 * `7d`). An empty value is none, as forms send it, but for `thread`.
 * @throws WrongFilter
 */
export function filterOf(parameters: Parameters, now: number): CallFilter {
  const { text, model, upstream, user, session, agent, thread, errors, slower, from, to } = parameters
  return omitUndefined({
    text: given(text),
    model: given(model),
    upstream: given(upstream),
    user: given(user),
    session: given(session),
    agent: given(agent),
    // As it is: spaces may be part of it, or all of it.
    thread,
    errors: given(errors) === undefined || errors === '0' ? undefined : (true as const),
    slowerThanMs: parsed(slower, 'slower', '500 (ms) or 2s', durationMs),
    from: parsed(from, 'from', when, (value) => timeOf(value, now)),
    to: parsed(to, 'to', when, (value) => timeOf(value, now)),
  })
}

/** @returns the same filter as it stands in an address, with points in time instead of `1h` */
export function parametersOf(filter: CallFilter): Record<string, string> {
  const { errors, slowerThanMs, from, to, ...names } = filter
  const timeText = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())
  return omitUndefined({
    ...names,
    errors: errors && '1',
    slower: slowerThanMs === undefined ? undefined : String(slowerThanMs),
    from: timeText(from),
    to: timeText(to),
  })
}

const when = '2026-11-27T09:00, or so long ago: 15m, 1h, 7d'

function given(value: string | undefined): string | undefined {
  const trimmed = value?.trim()
  return trimmed === '' ? undefined : trimmed
}

function parsed<T>(
  value: string | undefined,
  name: string,
  expected: string,
  parse: (value: string) => T | undefined,
): T | undefined {
  const text = given(value)
  if (text === undefined) return undefined
  const result = parse(text)
  if (result === undefined) throw new WrongFilter(`"${name}" must be like ${expected}`)
  return result
}

function durationMs(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?(ms|s)?$/.exec(text) ?? []
  return number === undefined ? undefined : Number(number) * (unit === 's' ? 1_000 : 1)
}

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

function timeOf(text: string, now: number): number | undefined {
  const [, number, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  if (number !== undefined) return now - Number(number) * (unitsMs[unit] ?? 0)
  const at = /^\d{9,15}$/.test(text) ? Number(text) : Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}
