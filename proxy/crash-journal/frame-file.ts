import { crc32 } from 'node:zlib'
import type { FrameReader } from '../tape/ring.ts'

/**
 * Frames of the tape, as a file holds them: in batches, each written at once. A batch is 20 bytes of head (mark, bytes of its
 * frames, CRC-32 of what follows, where on the tape it begins and ends) and its frames; a frame is 17 bytes of head (length of
 * its payload, kind, call, time) and its payload. All numbers are little-endian.
 */
export const batchHeadBytes = 20
const batchMark = 0x334a5454 // TTJ3
const checkedFrom = 12

const frameHeadBytes = 17

export const frameBytes = (payloadBytes: number): number => frameHeadBytes + payloadBytes

/** @returns where the payload belongs */
export function writeFrameHead(
  target: Buffer,
  offset: number,
  {
    length,
    kind,
    call,
    at,
  }: { readonly length: number; readonly kind: number; readonly call: number; readonly at: number },
): number {
  target.writeUInt32LE(length, offset)
  target.writeUInt8(kind, offset + 4)
  target.writeInt32LE(call, offset + 5)
  target.writeDoubleLE(at, offset + 9)
  return offset + frameHeadBytes
}

/** Frames of the tape from the one with the number `begin` on, up to `end` and without that; modulo 2^32, signed. */
export type TapeRange = { readonly begin: number; readonly end: number }

/** @property tape what the batch stands for: frames that need not be kept are not in it */
export type Batch = { readonly frames: Buffer; readonly tape: TapeRange }

/** @param batch whose frames begin at `batchHeadBytes` */
export function closeBatch(batch: Buffer, { begin, end }: TapeRange): void {
  batch.writeUInt32LE(batchMark, 0)
  batch.writeUInt32LE(batch.length - batchHeadBytes, 4)
  batch.writeInt32LE(begin, 12)
  batch.writeInt32LE(end, 16)
  batch.writeUInt32LE(crc32(batch.subarray(checkedFrom)), 8)
}

/**
 * @param onUnreadable called with the bytes that follow a batch that was damaged, or is of another format; not of one cut off:
 * a kill may do that
 * @returns each whole batch; what follows one that was cut off or damaged is not looked at
 */
export function* readBatches(file: Buffer, onUnreadable?: (bytes: number) => void): Iterable<Batch> {
  let at = 0
  while (at + batchHeadBytes <= file.length && file.readUInt32LE(at) === batchMark) {
    const begin = at + batchHeadBytes
    const end = begin + file.readUInt32LE(at + 4)
    if (end > file.length) return
    if (crc32(file.subarray(at + checkedFrom, end)) !== file.readUInt32LE(at + 8)) break
    const tape = { begin: file.readInt32LE(at + 12), end: file.readInt32LE(at + 16) }
    yield { frames: file.subarray(begin, end), tape }
    at = end
  }
  if (at + batchHeadBytes <= file.length) onUnreadable?.(file.length - at)
}

export function readFrames(frames: Buffer, visit: FrameReader): void {
  for (let at = 0; at + frameHeadBytes <= frames.length; ) {
    const begin = at + frameHeadBytes
    const end = begin + frames.readUInt32LE(at)
    visit(
      frames.readUInt8(at + 4),
      frames.readInt32LE(at + 5),
      frames.readDoubleLE(at + 9),
      frames.subarray(begin, end),
    )
    at = end
  }
}
