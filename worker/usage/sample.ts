/** Pieces that stand for a longer whole: its count is that of the pieces divided by `share`. */
export type Sample = { readonly pieces: readonly string[]; readonly share: number }

/** Byte pair encoding takes time by the square of a word's length, and some scripts have no spaces. */
const pieceCharacters = 1_024

/** Beyond this a text is sampled: 64 KiB take a few ms, and the count of evenly spread pieces is close. */
const sampledPieces = 64

/** How a text that was cut at capture says what is missing. */
const cutMark = / … \[(\d+) more characters\]$/

/** Cuts texts into pieces, and takes evenly spread ones where there are too many. What was cut off counts too. */
export function sampleOf(texts: readonly string[]): Sample {
  let missing = 0
  const pieces = texts.flatMap((text) => {
    const mark = cutMark.exec(text)
    missing += Number(mark?.[1] ?? 0)
    return piecesOf(mark === null ? text : text.slice(0, mark.index))
  })
  const taken =
    pieces.length <= sampledPieces
      ? pieces
      : Array.from(
          { length: sampledPieces },
          (_, n) => pieces[Math.floor((n * pieces.length) / sampledPieces)] ?? '',
        )
  const whole = lengthOf(pieces) + missing
  return { pieces: taken, share: whole === 0 ? 1 : lengthOf(taken) / whole }
}

function piecesOf(text: string): readonly string[] {
  const count = Math.ceil(text.length / pieceCharacters)
  return Array.from({ length: count }, (_, n) => text.slice(n * pieceCharacters, (n + 1) * pieceCharacters))
}

const lengthOf = (pieces: readonly string[]): number => pieces.reduce((sum, { length }) => sum + length, 0)
