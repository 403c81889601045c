import { codingOf } from './codings.ts'

/**
 * Narrows the codings a client accepts to those we can decode.
 * @param acceptEncoding the client's header, if it sent one
 * @returns the header to send instead, or undefined where the original stands
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
