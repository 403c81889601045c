import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { filePart, maxHashedBytes } from './file-part.ts'

const chunk = Buffer.alloc(1024 * 1024, 'piece')

/** @returns the description of a complete file of that size */
function fileOf(bytes: number) {
  const part = filePart({ mediaType: 'application/jsonl', filename: 'lines.jsonl' })
  for (let at = 0; at < bytes; at += chunk.length) part.push(chunk.subarray(0, bytes - at))
  part.end()
  return part.value('full')
}

test('a file of more than 64 MiB is described without a hash', () => {
  const hash = createHash('sha256')
  for (let at = 0; at < maxHashedBytes; at += chunk.length) hash.update(chunk)
  const description = { filename: 'lines.jsonl', mediaType: 'application/jsonl' }
  expect(fileOf(maxHashedBytes)).toEqual({
    ...description,
    bytes: maxHashedBytes,
    sha256: hash.digest('hex'),
  })
  expect(fileOf(maxHashedBytes + 1)).toEqual({ ...description, bytes: maxHashedBytes + 1 })
})
