/** In a value that is encoded once more, patterns find nothing. */
const encoded = /%[0-9a-f]{2}|\\u[0-9a-f]{4}/i

/**
 * @param fields name, value, ...: characters up to U+00FF
 * @param redact REDACT
 * @returns the fields with their values redacted; without those in which what is to be redacted could not be seen
 */
export function redactFields(fields: readonly string[], redact: (text: string) => string): readonly string[] {
  const kept: string[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    // Header fields are bytes; what is redacted in them is text.
    const text = Buffer.from(fields[at + 1] as string, 'latin1').toString('utf8')
    if (!encoded.test(text)) kept.push(fields[at] as string, Buffer.from(redact(text)).toString('latin1'))
  }
  return kept
}
