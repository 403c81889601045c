/** Half-open range of positions in a text. */
export type Range = { readonly start: number; readonly end: number }

/**
 * Finds the value of a top-level key in the text of a valid JSON object, without parsing the whole. Of a repeated key
 * it is the last one, as in JSON.parse.
 */
export function findTopLevelValue(text: string, key: string): Range | undefined {
  let found: Range | undefined
  let at = skipSpace(text, text.indexOf('{') + 1)
  while (text[at] === '"') {
    const keyEnd = skipString(text, at)
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const end = skipValue(text, start)
    if (JSON.parse(text.slice(at, keyEnd)) === key) found = { start, end }
    at = skipSpace(text, end)
    if (text[at] === ',') at = skipSpace(text, at + 1)
  }
  return found
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
  return at
}

function skipString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function skipValue(text: string, from: number): number {
  if (text[from] === '"') return skipString(text, from)
  if (text[from] !== '{' && text[from] !== '[') {
    const end = text.slice(from).search(/[\s,\]}]/)
    return end < 0 ? text.length : from + end
  }
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = skipString(text, at) - 1
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1
  }
  return text.length
}
