import type { Meaning } from './headers.ts'

/** Something that is known under names, `*` in them included. */
export type Named = { readonly name: string; readonly meaning: Meaning }

export type Hit<N extends Named> = {
  readonly named: N
  /** Its place in the declaration: the lower is believed more. */
  readonly rank: number
  /** What the `*` stood for. */
  readonly rest: string
}

/** The names that clients send are few, and come again with each call. */
const rememberedMax = 1_000

/**
 * Finds what is declared under a name. What was found, or not, under the first thousand names is remembered.
 * @param spelled makes alike what means the same; may not change a text's length
 */
export function indexByName<N extends Named>(
  declared: readonly N[],
  spelled: (name: string) => string,
): (name: string) => Hit<N> | undefined {
  const exact = new Map<string, Hit<N>>()
  const patterns: { readonly start: string; readonly end: string; readonly hit: Hit<N> }[] = []
  for (const [rank, named] of declared.entries()) {
    const hit = { named, rank, rest: '' }
    const [start = '', end] = spelled(named.name).split('*')
    if (end === undefined) exact.set(start, hit)
    else patterns.push({ start, end, hit })
  }

  function find(given: string): Hit<N> | undefined {
    const name = spelled(given)
    const known = exact.get(name)
    if (known !== undefined) return known
    const found = patterns.find(
      ({ start, end }) =>
        name.length > start.length + end.length && name.startsWith(start) && name.endsWith(end),
    )
    if (found === undefined) return undefined
    return { ...found.hit, rest: given.slice(found.start.length, given.length - found.end.length) }
  }

  const remembered = new Map<string, Hit<N> | undefined>()
  return (given) => {
    const known = remembered.get(given)
    if (known !== undefined || remembered.has(given)) return known
    const found = find(given)
    if (remembered.size < rememberedMax) remembered.set(given, found)
    return found
  }
}
