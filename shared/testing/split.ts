/** How a body is split into chunks. */
export type Split = 'whole' | 'event' | 'line' | 'byte' | { readonly seed: number }

/** @returns chunks that concatenate to the bytes; the same for the same seed */
export function split(bytes: Buffer, how: Split): readonly Buffer[] {
  switch (how) {
    case 'whole':
      return bytes.length === 0 ? [] : [bytes]
    case 'event':
      return cutAfter(bytes, /\r\n\r\n|\n\n|\r\r/g)
    case 'line':
      return cutAfter(bytes, /\r\n|\n|\r/g)
    case 'byte':
      return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
    default:
      return cutAtRandom(bytes, how.seed)
  }
}

function cutAfter(bytes: Buffer, mark: RegExp): readonly Buffer[] {
  // Latin-1 maps each byte to one character, so positions are byte offsets.
  const ends = Array.from(bytes.toString('latin1').matchAll(mark), (found) => found.index + found[0].length)
  return cutAt(bytes, ends)
}

function cutAtRandom(bytes: Buffer, seed: number): readonly Buffer[] {
  const random = generator(seed)
  const ends: number[] = []
  for (let at = 0; at < bytes.length; at += 1 + Math.floor(random() * 600)) ends.push(at)
  return cutAt(bytes, ends)
}

function cutAt(bytes: Buffer, ends: readonly number[]): readonly Buffer[] {
  const chunks = [...ends, bytes.length].map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end))
  return chunks.filter((chunk) => chunk.length > 0)
}

/** A linear congruential generator (Numerical Recipes): enough for tests, and reproducible. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
