const exactNames = new Set(['retry-after', 'retry-after-ms', 'ratelimit', 'ratelimit-policy'])

/**
 * Matches `x-tokenlimit-remaining` (Together), `x-ratelimitbysize-remaining-minute` (Mistral),
 * `x-ratelimit-remaining-tokens` (OpenAI and most others), `anthropic-ratelimit-tokens-reset`, and the fields
 * of draft-ietf-httpapi-ratelimit-headers. `x-ratelimit-key` identifies the account, and does not match.
 */
const rateLimitName =
  /^(x-|anthropic-)?(ratelimit(bysize)?|tokenlimit)-([a-z0-9_-]+-)?(limit|remaining|reset)(-[a-z0-9_-]+)?$/

/** Longer than any known name; matching takes quadratic time in the length of the name. */
const maxNameLength = 64
const maxFields = 24
const maxValueLength = 100

/**
 * The response headers about rate limits and retry delays, verbatim.
 * @param headers by lower-case name
 * @returns undefined where there are none
 */
export function readRateLimits(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  const limits = Object.entries(headers).filter(([name]) => isLimit(name))
  if (limits.length === 0) return undefined
  return Object.fromEntries(
    limits.slice(0, maxFields).map(([name, value]) => [name, value.slice(0, maxValueLength)]),
  )
}

const isLimit = (name: string): boolean =>
  exactNames.has(name) || (name.length <= maxNameLength && rateLimitName.test(name))
