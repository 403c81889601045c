import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { filePart, maxHashedBytes } from './file-part.ts'

const piece = Buffer.alloc(1024 * 1024, 'piece')

/** @returns a whole file of that size, as it is told */
function fileOf(bytes: number) {
  const part = filePart({ mediaType: 'application/jsonl', filename: 'lines.jsonl' })
  for (let at = 0; at < bytes; at += piece.length) part.push(piece.subarray(0, bytes - at))
  part.end()
  return part.value('full')
}

test('a file of more than 64 MiB is told without its hash', () => {
  const hash = createHash('sha256')
  for (let at = 0; at < maxHashedBytes; at += piece.length) hash.update(piece)
  const told = { filename: 'lines.jsonl', mediaType: 'application/jsonl' }
  expect(fileOf(maxHashedBytes)).toEqual({ ...told, bytes: maxHashedBytes, sha256: hash.digest('hex') })
  expect(fileOf(maxHashedBytes + 1)).toEqual({ ...told, bytes: maxHashedBytes + 1 })
})
