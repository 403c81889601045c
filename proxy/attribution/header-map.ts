import type { IncomingHttpHeaders } from 'node:http'

/** Repeated headers of which Node keeps only the first (https://nodejs.org/api/http.html#messageheaders). */
const single: ReadonlySet<string> = new Set(['content-type'])

/**
 * @param fields name, value, ...; names in lower case
 * @returns the headers as Node would have given them: repeated ones joined, except where they only repeat the same
 */
export function headerMap(fields: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string> = Object.create(null)
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [name, value] = [fields[at] as string, fields[at + 1] as string]
    const known = headers[name]
    if (known === undefined) headers[name] = value
    else if (!single.has(name) && known !== value) headers[name] = `${known}, ${value}`
  }
  return headers
}
