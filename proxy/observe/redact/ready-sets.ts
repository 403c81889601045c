import type { ReadySet } from '../../../shared/config/redactions.ts'

/** @returns false for a match that only looks like one */
type Check = (match: string) => boolean

export type Redaction = { readonly label: string; readonly pattern: RegExp; readonly isMatch?: Check }

/** What each ready set replaces. All of them run in linear time: no part of a pattern repeats within a repetition. */
export const redactionsOf: Readonly<Record<ReadySet, readonly Redaction[]>> = {
  // RFC 5321's dot-atom, without the rare quoted forms; internationalized names included.
  email: [
    {
      label: '[email]',
      pattern: /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.)+[\p{L}]{2,63}/gu,
    },
  ],
  // 13 to 19 digits (ISO/IEC 7812), in groups or not, with a valid check digit.
  card: [
    { label: '[card]', pattern: /(?<![\d.-])\d(?:[ -]?\d){12,18}(?![\d-]|\.\d)/g, isMatch: hasCheckDigit },
  ],
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
    { label: '[key]', pattern: /(?<=\bbearer +)[A-Za-z0-9._~+/=-]{16,}/gi },
    {
      label: '[key]',
      pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
    },
  ],
}

/** Luhn's algorithm (ISO/IEC 7812-1, annex B). */
function hasCheckDigit(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at])
    const weighted = at % 2 === 0 ? digit : digit * 2
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0 && !/^(\d)\1*$/.test(digits)
}
