import type { Field } from './declarations.ts'

/**
 * Names of numbers carry their unit, by the house's own habit; of token counts and transcripts it is that of the whole
 * type, as its comment says.
 * @returns empty for what has none
 */
export function unitOf({ name, type }: Field, declaration: string): string {
  if (type !== 'number') return ''
  if (name === 'cost') return 'USD'
  if (declaration === 'TokenCounts') return 'tokens'
  if (declaration === 'SpokenSegment' || name === 'seconds') return 's'
  if (name.endsWith('At')) return 'ms since 1970'
  if (name.endsWith('Ms')) return 'ms'
  return /bytes$/i.test(name) ? 'bytes' : ''
}
