import { createHash } from 'node:crypto'
import type { Redactions } from '../../../shared/config/redactions.ts'
import { type Redaction, redactionsOf } from './ready-sets.ts'

/** Replaces what REDACT names in texts. */
export type Redactor = {
  /** `mail to [email]` */
  text(text: string): string
  /**
   * The same for ids, where two that differ must go on differing: `[email 9f86d081]`, the start of the SHA-256 of what
   * was there. That is a pseudonym: who knows the value can find it again.
   */
  id(text: string): string
}

/** @returns undefined where nothing is to be redacted */
export function createRedactor({ sets, patterns }: Redactions): Redactor | undefined {
  const redactions: readonly Redaction[] = [
    ...sets.flatMap((set) => redactionsOf[set]),
    ...patterns.map((pattern) => ({ label: '[redacted]', pattern })),
  ]
  if (redactions.length === 0) return undefined

  const replaceAll = (text: string, label: (redaction: Redaction, match: string) => string): string =>
    redactions.reduce(
      (redacted, redaction) =>
        redacted.replace(redaction.pattern, (match: string) =>
          match !== '' && (redaction.isMatch?.(match) ?? true) ? label(redaction, match) : match,
        ),
      text,
    )

  return {
    text: (text) => replaceAll(text, ({ label }) => label),
    id: (text) => replaceAll(text, ({ label }, match) => `${label.slice(0, -1)} ${digestOf(match)}]`),
  }
}

const digestOf = (match: string): string => createHash('sha256').update(match).digest('hex').slice(0, 8)
