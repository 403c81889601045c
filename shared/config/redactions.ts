/** Ready sets of patterns that REDACT may name; what they match is in proxy/observe/redact/ready-sets.ts. */
export const readySets = ['email', 'card', 'phone', 'key'] as const

export type ReadySet = (typeof readySets)[number]

/** What REDACT asks for. */
export type Redactions = { readonly sets: readonly ReadySet[]; readonly patterns: readonly RegExp[] }

/**
 * Parses `email,key,/ACME-\d+/i`: names of ready sets, and regular expressions between slashes, which may contain commas.
 * @throws Error whose message completes "REDACT must be ..."
 */
export function parseRedactions(text: string): Redactions {
  const sets: ReadySet[] = []
  const patterns: RegExp[] = []
  // A slash within a pattern is written \/ as in JavaScript.
  for (const [, source, flags = '', name = ''] of text.matchAll(entry)) {
    if (source !== undefined) patterns.push(parsePattern(source, flags))
    else if (isReadySet(name.trim())) sets.push(name.trim() as ReadySet)
    else if (name.trim() !== '') throw invalid(`"${name.trim()}" is neither`)
  }
  return { sets, patterns }
}

const entry = /\s*\/((?:[^/\\\n]|\\.)+)\/([a-z]*)\s*(?:,|$)|([^,]+)(?:,|$)/g

function parsePattern(source: string, flags: string): RegExp {
  try {
    const pattern = new RegExp(source, flags.includes('g') ? flags : `${flags}g`)
    if (pattern.test('')) throw new Error('it matches nothing at all')
    pattern.lastIndex = 0
    return pattern
  } catch (cause) {
    throw invalid(`/${source}/ is no pattern: ${cause instanceof Error ? cause.message : cause}`)
  }
}

const isReadySet = (name: string): boolean => (readySets as readonly string[]).includes(name)

const invalid = (why: string): Error =>
  new Error(`a list of ${readySets.join(', ')} and /regular expressions/ (${why})`)
