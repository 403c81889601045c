import { type HeaderFamily, headerFamilies, type Meaning } from './headers.ts'
import { indexByName } from './index-by-name.ts'

/** A header of the table, with its family. */
export type KnownHeader = { readonly name: string; readonly meaning: Meaning; readonly family: HeaderFamily }

const known: readonly KnownHeader[] = headerFamilies.flatMap((family) =>
  Object.entries(family.names).map(([name, meaning]) => ({ name, meaning, family })),
)

// nginx drops header names with underscores by default (`underscores_in_headers`), so clients use both.
const hyphens = (name: string): string => (name.includes('_') ? name.replaceAll('_', '-') : name)

/** Looks a header up by its lower-case name, in either spelling. */
export const knownHeader = indexByName(known, hyphens)

/**
 * True for headers that must not reach the upstream: they identify users, and are meant for a gateway.
 * @param name lower-case
 * @param provider of the upstream, as records have it: a name, or its host
 * @param isModelApi whether that is known to be a model's provider, and no gateway
 */
export function isStripped(name: string, provider: string, isModelApi = false): boolean {
  const family = knownHeader(name)?.entry.family
  if (family === undefined || isDefinedBy(provider, family)) return false
  return family.stripped === 'from model APIs' ? isModelApi : family.stripped
}

const isDefinedBy = (provider: string, { sentTo }: HeaderFamily): boolean =>
  sentTo !== undefined && (provider === sentTo || provider.endsWith(`.${sentTo}`))
