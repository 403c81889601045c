import type { HeldBody } from '../body.ts'
import { JsonScanner } from '../json-scanner.ts'
import { wantedKeys } from '../wanted-keys.ts'

/**
 * @param cuts positions at which the body was cut into chunks on its way
 * @returns the body as readBody would have held it
 */
export function heldBody(bytes: Buffer, cuts: readonly number[] = []): HeldBody {
  const places = [
    0,
    ...[...new Set(cuts)].filter((cut) => cut > 0 && cut < bytes.length).sort((a, b) => a - b),
  ]
  const chunks = places.map((start, n) => bytes.subarray(start, places[n + 1]))
  const scanner = new JsonScanner(wantedKeys)
  for (const chunk of chunks) scanner.push(chunk)
  const json = scanner.end()
  return { kind: 'held', chunks, bytes: bytes.length, ...(json && { json }) }
}
