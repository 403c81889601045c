import { codingOf } from './codings.ts'

/**
 * Undoes a content-encoding of a body that is held, as far as the bytes go.
 * @param encoding in lower case; empty where there is none
 * @returns undefined where the encoding is not known, the bytes are not in it, or grow beyond `maxBytes`
 */
export function decodeBody(bytes: Buffer, encoding: string, maxBytes: number): Buffer | undefined {
  if (encoding === '' || bytes.length === 0) return bytes
  try {
    return codingOf(encoding)?.undo(bytes, maxBytes)
  } catch {
    return undefined
  }
}
