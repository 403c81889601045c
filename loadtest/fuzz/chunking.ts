import { createRandom } from '../random/random.ts'
import type { Chunking } from './case.ts'

// More writes for one body only cost time.
const maxChunks = 2_000

/** @returns chunks that concatenate to the bytes */
export function splitIntoChunks(bytes: Buffer, { seed, maxBytes }: Chunking): readonly Buffer[] {
  const random = createRandom(seed)
  const minBytes = Math.max(1, Math.ceil(bytes.length / maxChunks))
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + random.integer(minBytes, Math.max(minBytes, maxBytes))
    chunks.push(bytes.subarray(at, end))
    at = end
  }
  return chunks
}
