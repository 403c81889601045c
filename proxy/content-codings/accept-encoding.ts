import { codingOf } from './codings.ts'

/**
 * Narrows what a client offers to what we can undo.
 * @param acceptEncoding the client's header, if it sent one
 * @returns the header to send instead, or undefined where the client's may stay
 */
export function readableEncodings(acceptEncoding: string | undefined): string | undefined {
  if (acceptEncoding === undefined) return undefined
  const offered = acceptEncoding.split(',').map((coding) => coding.trim())
  const readable = offered.filter((coding) => {
    const name = coding.split(';')[0]?.trim().toLowerCase() ?? ''
    return name === 'identity' || codingOf(name) !== undefined
  })
  if (readable.length === offered.length) return undefined
  return readable.length === 0 ? 'identity' : readable.join(', ')
}
