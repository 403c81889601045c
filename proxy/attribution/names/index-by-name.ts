import type { Meaning } from './headers.ts'

/** An entry of a table of names, which may contain a `*`. */
export type Named = { readonly name: string; readonly meaning: Meaning }

export type Match<N extends Named> = {
  readonly entry: N
  /** Position in the table: a lower one takes precedence. */
  readonly rank: number
  /** What the `*` matched. */
  readonly wildcard: string
}

const namesConversation = (meaning: Meaning): boolean => meaning === 'threadId' || meaning === 'sessionId'

/** Names of another conversation than that of the call: of the one that it was begun by, copied from, or follows. */
const another =
  /(?:^|[-.])(?:parent\w*|root|ancestor|origin(?:al|ating)?|source|caller|previous|prev|last|fork\w*|from)(?:[-.]|$)/

/** Clients send the same few names with every call. */
const memoMaxNames = 1_000

/**
 * Looks names up in a table. The results for the first thousand names are memoized, misses included.
 * @param normalize gives equivalent spellings the same form; must not change the length
 */
export function indexByName<N extends Named>(
  table: readonly N[],
  normalize: (name: string) => string,
): (name: string) => Match<N> | undefined {
  const exact = new Map<string, Match<N>>()
  const patterns: { readonly start: string; readonly end: string; readonly match: Match<N> }[] = []
  for (const [rank, entry] of table.entries()) {
    const match = { entry, rank, wildcard: '' }
    const [start = '', end] = normalize(entry.name).split('*')
    if (end === undefined) exact.set(start, match)
    else patterns.push({ start, end, match })
  }

  function find(given: string): Match<N> | undefined {
    const name = normalize(given)
    const match = exact.get(name)
    if (match !== undefined) return match
    const pattern = patterns.find(
      ({ start, end, match: { entry } }) =>
        name.length > start.length + end.length &&
        name.startsWith(start) &&
        name.endsWith(end) &&
        !(namesConversation(entry.meaning) && another.test(name)),
    )
    if (pattern === undefined) return undefined
    const wildcard = given.slice(pattern.start.length, given.length - pattern.end.length)
    return { ...pattern.match, wildcard }
  }

  const memo = new Map<string, Match<N> | undefined>()
  return (given) => {
    const known = memo.get(given)
    if (known !== undefined || memo.has(given)) return known
    const found = find(given)
    if (memo.size < memoMaxNames) memo.set(given, found)
    return found
  }
}
