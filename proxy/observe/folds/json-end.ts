/** Follows a JSON text that comes in pieces. */
export type JsonEnd = {
  add(piece: string): void
  /** The object or list that the text began with has been closed. */
  readonly reached: boolean
}

/**
 * Tells whether a growing JSON text is whole, each piece being looked at once: parsing all of it again at each
 * piece takes time by the square of its length.
 */
export function createJsonEnd(): JsonEnd {
  let depth = 0
  let begun = false
  let inText = false
  let escaped = false

  function see(character: string | undefined): void {
    if (escaped) escaped = false
    else if (inText) {
      if (character === '"') inText = false
      else escaped = character === '\\'
    } else if (character === '"') inText = true
    else if (character === '{' || character === '[') {
      begun = true
      depth += 1
    } else if (character === '}' || character === ']') depth -= 1
  }

  return {
    add(piece) {
      for (let at = 0; at < piece.length; at += 1) see(piece[at])
    },
    get reached() {
      return begun && depth <= 0
    },
  }
}
