const unicodeEscape = /\\u([0-9a-f]{4})/gi

/**
 * Redacts a text in which characters may be escaped as in JSON: arguments of tools, and results that Python wrote, are JSON
 * within JSON (`ann\\u0040mail.example`). What is escaped stays so where nothing of it is redacted.
 */
export function withoutEscapes(text: string, redact: (text: string) => string): string {
  const redacted = redact(text)
  if (!text.includes('\\u')) return redacted
  const plain = redacted.replace(unicodeEscape, unescaped)
  const again = redact(plain)
  return again === plain ? redacted : again.toWellFormed()
}

/** Control characters, quotes and backslashes would break the JSON. */
function unescaped(escaped: string, hex: string): string {
  const character = String.fromCharCode(Number.parseInt(hex, 16))
  return character < ' ' || character === '"' || character === '\\' ? escaped : character
}
