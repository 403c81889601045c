/** Chunks that represent a longer text: its count is that of the chunks divided by `share`. */
export type Sample = { readonly chunks: readonly string[]; readonly share: number }

/** Byte pair encoding takes time quadratic in the length of a word, and some scripts have no spaces. */
const chunkCharacters = 1_024

/** A longer text is sampled: 64 KiB take a few ms, and the count of evenly spread chunks is close. */
const maxChunks = 64

/** The suffix of a text that was truncated at capture. */
const truncationMark = / … \[(\d+) more characters\]$/

/** Splits texts into chunks, and takes evenly spread ones where there are too many. Truncated characters count. */
export function sampleOf(texts: readonly string[]): Sample {
  let truncated = 0
  const all = texts.flatMap((text) => {
    const mark = truncationMark.exec(text)
    truncated += Number(mark?.[1] ?? 0)
    return chunksOf(mark === null ? text : text.slice(0, mark.index))
  })
  const chunks = all.length <= maxChunks ? all : evenlySpread(all, maxChunks)
  const length = lengthOf(all) + truncated
  return { chunks, share: length === 0 ? 1 : lengthOf(chunks) / length }
}

function chunksOf(text: string): readonly string[] {
  const count = Math.ceil(text.length / chunkCharacters)
  return Array.from({ length: count }, (_, n) => text.slice(n * chunkCharacters, (n + 1) * chunkCharacters))
}

function evenlySpread(chunks: readonly string[], count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => chunks[Math.floor((n * chunks.length) / count)] ?? '')
}

const lengthOf = (chunks: readonly string[]): number => chunks.reduce((sum, { length }) => sum + length, 0)
