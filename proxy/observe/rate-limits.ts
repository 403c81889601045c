const exact = new Set(['retry-after', 'retry-after-ms', 'ratelimit', 'ratelimit-policy'])

/**
 * `x-tokenlimit-remaining` (Together), `x-ratelimitbysize-remaining-minute` (Mistral),
 * `x-ratelimit-remaining-tokens` (OpenAI and most others), `anthropic-ratelimit-tokens-reset`, and the fields
 * of draft-ietf-httpapi-ratelimit-headers. `x-ratelimit-key` tells whose limit it is, and is not kept.
 */
const rateLimit =
  /^(x-|anthropic-)?(ratelimit(bysize)?|tokenlimit)-([a-z0-9_-]+-)?(limit|remaining|reset)(-[a-z0-9_-]+)?$/

/** Longer than any name known; some expressions take the square of a name's length. */
const maxNameLength = 64
const maxFields = 24
const maxCharacters = 100

/**
 * What an answer says of when to come back and what is left, as it says it.
 * @param headers by lower-case name
 * @returns undefined where it says nothing
 */
export function readRateLimits(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  const told = Object.entries(headers).filter(([name]) => isLimit(name))
  if (told.length === 0) return undefined
  return Object.fromEntries(
    told.slice(0, maxFields).map(([name, value]) => [name, value.slice(0, maxCharacters)]),
  )
}

const isLimit = (name: string): boolean =>
  exact.has(name) || (name.length <= maxNameLength && rateLimit.test(name))
