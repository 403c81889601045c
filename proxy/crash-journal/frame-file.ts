import { crc32 } from 'node:zlib'
import type { FrameReader } from '../tape/ring.ts'

/**
 * Frames of the tape, as a file holds them: in batches, each written at once. A batch is 12 bytes of head (mark, length and
 * CRC-32 of what follows) and its frames; a frame is 17 bytes of head (length of its payload, kind, call, time) and its
 * payload. All numbers are little-endian.
 */
export const batchHeadBytes = 12
const batchMark = 0x314a5454 // TTJ1

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

/** @param batch whose frames begin at `batchHeadBytes` */
export function closeBatch(batch: Buffer): void {
  const frames = batch.subarray(batchHeadBytes)
  batch.writeUInt32LE(batchMark, 0)
  batch.writeUInt32LE(frames.length, 4)
  batch.writeUInt32LE(crc32(frames), 8)
}

/** @returns the frames of each whole batch; what follows one that was cut off or damaged is not looked at */
export function* readBatches(file: Buffer): Iterable<Buffer> {
  let at = 0
  while (at + batchHeadBytes <= file.length && file.readUInt32LE(at) === batchMark) {
    const begin = at + batchHeadBytes
    const end = begin + file.readUInt32LE(at + 4)
    const frames = file.subarray(begin, end)
    if (end > file.length || crc32(frames) !== file.readUInt32LE(at + 8)) return
    yield frames
    at = end
  }
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
