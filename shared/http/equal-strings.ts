import { createHash, timingSafeEqual } from 'node:crypto'

/** In constant time: the digests have one length, and a prefix that matches saves nothing. */
export function equalStrings(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
