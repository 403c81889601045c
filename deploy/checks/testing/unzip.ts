import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inflateRawSync } from 'node:zlib'

const endOfDirectory = 0x06054b50
const directoryEntry = 0x02014b50

/**
 * Takes the files named out of a zip archive. Not every machine has `unzip`.
 * Follows PKWARE's APPNOTE 4.3: end record, central directory, local headers; no zip64, no encryption.
 */
export function unzip(archive: string, names: readonly string[], into: string): void {
  const zip = readFileSync(archive)
  const end = zip.lastIndexOf(Buffer.from(new Uint32Array([endOfDirectory]).buffer))
  if (end < 0) throw new Error(`${archive} is no zip archive`)
  let at = zip.readUInt32LE(end + 16)
  const missing = new Set(names)
  while (zip.readUInt32LE(at) === directoryEntry) {
    const nameBytes = zip.readUInt16LE(at + 28)
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes)
    if (missing.delete(name)) writeProgram(join(into, name), contentOf(zip, at))
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  if (missing.size > 0) throw new Error(`${archive} does not hold ${[...missing].join(', ')}`)
}

function contentOf(zip: Buffer, entry: number): Buffer {
  const compressed = zip.readUInt16LE(entry + 10) !== 0
  const bytes = zip.readUInt32LE(entry + 20)
  const local = zip.readUInt32LE(entry + 42)
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  const content = zip.subarray(start, start + bytes)
  return compressed ? inflateRawSync(content) : content
}

function writeProgram(path: string, content: Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  chmodSync(path, 0o755)
}
