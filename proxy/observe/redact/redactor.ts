import { createHash } from 'node:crypto'
import type { Redactions } from '../../../shared/config/redactions.ts'
import { type Range, type Redaction, redactionsOf } from './ready-sets.ts'
import { createTimeLimit, type TimeLimitOptions } from './time-limit.ts'
import { withoutCutEnd } from './without-cut-end.ts'
import { withoutEscapes } from './without-escapes.ts'

/** Replaces what REDACT names in texts. */
export type Redactor = {
  /** `mail to [email]` */
  text(text: string): string
  /**
   * The same for ids, where two that differ must go on differing: `[email 9f86d081]`, the start of the SHA-256 of what
   * was there. That is a pseudonym: who knows the value can find it again.
   */
  id(text: string): string
  /** Does more than one text at once, under one time limit. @param hide what is done instead where that is exceeded */
  whole<T>(redact: () => T, hide: (hiding: Pick<Redactor, 'text' | 'id'>) => T): T
}

/** Stands in the place of a text that could not be redacted in time. */
export const notRedacted = '[not redacted in time]'

/**
 * @param limit for patterns of people, which may take any time (catastrophic backtracking)
 * @returns undefined where nothing is to be redacted
 */
export function createRedactor(
  { sets, patterns }: Redactions,
  limit: TimeLimitOptions,
): Redactor | undefined {
  const redactions: readonly Redaction[] = [
    ...sets.flatMap((set) => redactionsOf[set]),
    ...patterns.map((pattern) => ({ label: '[redacted]', pattern })),
  ]
  if (redactions.length === 0) return undefined
  // The ready sets need none: they run in linear time.
  const inTime = patterns.length === 0 ? unlimited : createTimeLimit(limit)

  const replaceIn = (text: string, label: Label): string =>
    redactions.reduce((redacted, redaction) => replaceOne(redacted, redaction, label), text)

  const hiding: Pick<Redactor, 'text' | 'id'> = {
    text: (text) => (text === '' ? text : notRedacted),
    id: (text) => `${notRedacted.slice(0, -1)} ${digestOf(text)}]`,
  }
  return {
    text: (text) =>
      inTime(
        () => withoutEscapes(withoutCutEnd(text), (plain) => replaceIn(plain, ({ label }) => label)),
        () => hiding.text(text),
      ),
    id: (text) =>
      inTime(
        () => withoutEscapes(text, (plain) => replaceIn(plain, pseudonym)),
        () => hiding.id(text),
      ),
    whole: (redact, hide) => inTime(redact, () => hide(hiding)),
  }
}

type Label = (redaction: Redaction, match: string) => string

const pseudonym: Label = ({ label }, match) => `${label.slice(0, -1)} ${digestOf(match)}]`

const unlimited = <T>(work: () => T): T => work()

function replaceOne(text: string, redaction: Redaction, label: Label): string {
  const { pattern, within } = redaction
  return text.replace(pattern, (match: string) => {
    if (match === '') return match
    return within === undefined
      ? label(redaction, match)
      : replaceRanges(match, within(match), (part) => label(redaction, part))
  })
}

function replaceRanges(text: string, ranges: readonly Range[], replace: (part: string) => string): string {
  let replaced = ''
  let end = 0
  for (const [from, to] of ranges) {
    replaced += text.slice(end, from) + replace(text.slice(from, to))
    end = to
  }
  return replaced + text.slice(end)
}

const digestOf = (match: string): string => createHash('sha256').update(match).digest('hex').slice(0, 8)
