import type { Usage } from '../../../shared/record/usage.ts'
import type { GrowingText } from '../capture/growing-text.ts'

/** How far a response has come while its events still come in. */
export type Progress = {
  /** UTF-16 units of all that the model has written: text, reasoning, arguments of tools. */
  readonly characters: number
  /** The end of what grows last, at most `tailCharacters`, as it came: neither redacted nor cleaned. */
  readonly tail: string
  /** As far as the upstream reports it while it streams. */
  readonly usage: Usage
}

/** Enough for a line of a table. */
const tailCharacters = 160

/** @param texts in the order in which they begin to grow */
export function progressOf(texts: Iterable<GrowingText>, usage: Usage): Progress {
  let characters = 0
  let last: GrowingText | undefined
  for (const text of texts) {
    characters += text.length
    if (!text.empty) last = text
  }
  return { characters, tail: last?.tail(tailCharacters) ?? '', usage }
}
