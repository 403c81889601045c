import { hash } from 'node:crypto'

/** A hash that nobody without the installation's key can compute: 128 bits in base64url. */
export type KeyedHash = (...parts: readonly string[]) => string

/** @param key secret of the installation; see stitching-key.ts */
export function createKeyedHash(key: string): KeyedHash {
  // One-shot and truncated: half the price of an HMAC, and a truncated hash cannot be extended.
  return (...parts) => hash('sha256', `${key}\n${parts.join('\n')}`, 'base64url').slice(0, 22)
}

/** @returns 16 lower-case hex; the same in every process, since sinks know spans by their ids */
export const spanIdOf = (...parts: readonly string[]): string =>
  hash('sha256', JSON.stringify(parts), 'hex').slice(0, 16)
