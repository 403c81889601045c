import { type HeaderFamily, headerFamilies, type Meaning } from './headers.ts'
import { indexByName } from './index-by-name.ts'

/** One header of the table, with the family that it belongs to. */
export type KnownHeader = { readonly name: string; readonly meaning: Meaning; readonly family: HeaderFamily }

const known: readonly KnownHeader[] = headerFamilies.flatMap((family) =>
  Object.entries(family.names).map(([name, meaning]) => ({ name, meaning, family })),
)

// nginx drops header names with underscores unless told otherwise, so both spellings are out there.
const hyphens = (name: string): string => (name.includes('_') ? name.replaceAll('_', '-') : name)

/** Looks a header up in the table, by its lower-case name in either spelling. */
export const knownHeader = indexByName(known, hyphens)

/**
 * Tells which headers the upstream must not see: they say who talks to whom, and were made for us.
 * @param name lower-case
 * @param provider the upstream's, as records have it: a name, or its host
 */
export function isForUsOnly(name: string, provider: string): boolean {
  const family = knownHeader(name)?.named.family
  return family?.stripped === true && !isMadeFor(provider, family)
}

const isMadeFor = (provider: string, { sentTo }: HeaderFamily): boolean =>
  sentTo !== undefined && (provider === sentTo || provider.endsWith(`.${sentTo}`))
