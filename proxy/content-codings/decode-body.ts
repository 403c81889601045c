import { codingOf } from './codings.ts'

/**
 * Decodes a held body; a truncated one as far as it goes.
 * @param encoding in lower case; empty where there is none
 * @returns undefined where the encoding is unknown, the bytes are not in it, or decode to more than `maxBytes`
 */
export function decodeBody(bytes: Buffer, encoding: string, maxBytes: number): Buffer | undefined {
  if (encoding === '' || bytes.length === 0) return bytes
  try {
    return codingOf(encoding)?.decode(bytes, maxBytes)
  } catch {
    return undefined
  }
}
