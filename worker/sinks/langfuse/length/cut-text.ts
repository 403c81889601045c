/** As people read it: `1,234,567`. */
export const readable = (count: number): string => count.toLocaleString('en-US')

/** A text of this length is not worth cutting. */
export const minTextLength = 200

/**
 * Keeps the beginning and the end of a text, with a note in the gap that has a paragraph of its own.
 * @param length of the result, without the note
 */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text
  const head = atCodePoint(text, Math.ceil((length * 2) / 3))
  const tail = atCodePoint(text, text.length - (length - head))
  return `${text.slice(0, head)}\n\n[... ${readable(tail - head)} characters left out ...]\n\n${text.slice(tail)}`
}

/** Never between the two halves of a surrogate pair. */
function atCodePoint(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code >= 0xdc00 && code <= 0xdfff ? index + 1 : index
}
