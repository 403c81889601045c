import type { ReadySet } from '../../../shared/config/redactions.ts'
import { cardsIn } from './cards.ts'

/** Where something is within a text: from, and up to. */
export type Range = readonly [start: number, end: number]

export type Redaction = {
  readonly label: string
  readonly pattern: RegExp
  /** What of a match is meant, in order; all of it by default. */
  readonly within?: (match: string) => readonly Range[]
}

/** What each ready set replaces. All of them run in linear time: no part of a pattern repeats within a repetition. */
export const redactionsOf: Readonly<Record<ReadySet, readonly Redaction[]>> = {
  // RFC 5321's dot-atom, without the rare quoted forms; internationalized names included.
  email: [
    {
      label: '[email]',
      pattern: /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.)+[\p{L}]{2,63}/gu,
    },
  ],
  // In groups or not; other numbers may stand right before and after it, such as when it expires.
  card: [{ label: '[card]', pattern: /(?<![\d.-])\d(?:[ -]?\d){12,60}(?![\d-]|\.\d)/g, within: cardsIn }],
  // E.164 with its plus sign, or a national number in groups; a plain run of digits is left alone.
  phone: [
    { label: '[phone]', pattern: /(?<![\w+])\+\d(?:[ ().-]{0,2}\d){7,14}(?!\d)/g },
    { label: '[phone]', pattern: /(?<![\w.-])(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])/g },
    { label: '[phone]', pattern: /(?<![\w.-])0\d{1,5}[ /-]\d{3,4}[ -]?\d{2,5}(?![\w-])/g },
  ],
  key: [
    // OpenAI, Anthropic, Langfuse, Stripe and whoever follows the habit.
    { label: '[key]', pattern: /(?<![A-Za-z0-9])(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}/g },
    { label: '[key]', pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g },
    { label: '[key]', pattern: /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/g },
    {
      label: '[key]',
      pattern: /(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_|glpat-|hf_|gsk_|xai-|r8_|npm_)[A-Za-z0-9_]{16,}/g,
    },
    { label: '[key]', pattern: /(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,}/g },
    // A JSON Web Token: two JSON objects and a signature.
    {
      label: '[key]',
      pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
    },
    // No look-behind for the spaces: in a long run of them each would look at all before it.
    { label: '[key]', pattern: /\bbearer +[A-Za-z0-9._~+/=-]{16,}/gi, within: afterLastSpace },
    {
      label: '[key]',
      pattern:
        /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S])*(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?/g,
    },
  ],
}

function afterLastSpace(match: string): readonly Range[] {
  return [[match.lastIndexOf(' ') + 1, match.length]]
}
