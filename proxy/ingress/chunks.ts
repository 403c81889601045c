/**
 * A body in chunks, as they came, edited at byte positions without joining them: a large one would have to be copied
 * whole.
 */
export type Chunks = readonly Buffer[]

/** @returns the bytes from `start` to `end` */
export function sliceChunks(chunks: Chunks, start: number, end: number): Buffer {
  const parts = partsOf(chunks, start, end)
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
}

/** @returns the same chunks with the bytes from `start` to `end` replaced */
export function replaceInChunks(chunks: Chunks, start: number, end: number, replacement: Buffer): Buffer[] {
  return [...partsOf(chunks, 0, start), replacement, ...partsOf(chunks, end, Number.POSITIVE_INFINITY)]
}

function partsOf(chunks: Chunks, start: number, end: number): Buffer[] {
  const parts: Buffer[] = []
  let passed = 0
  for (const chunk of chunks) {
    const part = chunk.subarray(Math.max(start - passed, 0), Math.max(end - passed, 0))
    if (part.length > 0) parts.push(part)
    passed += chunk.length
  }
  return parts
}
