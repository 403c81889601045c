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

/** The names that upstreams send are few, and come again with each response. */
const maxRemembered = 1_000

/** Whether a name matches, by name. Saves a regular expression per header field. */
const remembered = new Map<string, boolean>()

function isLimit(name: string): boolean {
  const known = remembered.get(name)
  if (known !== undefined) return known
  const matches = exactNames.has(name) || (name.length <= maxNameLength && rateLimitName.test(name))
  if (remembered.size < maxRemembered) remembered.set(name, matches)
  return matches
}

/**
 * The response headers about rate limits and retry delays, verbatim.
 * @param headers by lower-case name
 * @returns undefined where there are none
 */
export function readRateLimits(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  let limits: Record<string, string> | undefined
  let count = 0
  for (const name in headers) {
    if (count === maxFields || !isLimit(name)) continue
    limits ??= {}
    limits[name] = (headers[name] as string).slice(0, maxValueLength)
    count += 1
  }
  return limits
}
