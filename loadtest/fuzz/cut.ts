import type { Cut } from './case.ts'
import { createRandom } from './random.ts'

/** More writes than this for one body only cost time. */
const partsMax = 2_000

/** @returns parts that joined are the bytes again */
export function cutUp(bytes: Buffer, { seed, most }: Cut): readonly Buffer[] {
  const random = createRandom(seed)
  const least = Math.max(1, Math.ceil(bytes.length / partsMax))
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + random.within(least, Math.max(least, most))
    parts.push(bytes.subarray(at, end))
    at = end
  }
  return parts
}
