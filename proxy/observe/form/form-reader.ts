import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { wellFormed } from '../capture/text.ts'
import type { FormFields } from './form-fields.ts'
import type { Guard } from './guard.ts'

/** More parts than any API takes. */
const maxParts = 256

/** Longer than any field name of an API. Names are kept outside the content limit, so they need their own. */
const maxNameLength = 200

/**
 * Above any chunk, so that busboy never signals backpressure. It then parses a chunk within `write`, and its streams
 * emit their bytes before the next event: nothing is buffered, and the form is read as fast as it arrives. With a
 * lower mark busboy would hold chunks until its streams are read, and parse them in events of its own, outside the
 * guard.
 */
const highWaterMark = 2 ** 40

/**
 * Reads multipart/form-data chunk by chunk. Bytes that are not a form, and the rest of an incomplete one, are ignored.
 * @param guard wraps everything that is done with the bytes
 * @returns a function that takes the chunks; undefined where the content type has no usable boundary
 */
export function createFormReader(
  contentType: string,
  fields: FormFields,
  guard: Guard,
): ((chunk: Buffer) => void) | undefined {
  const busboy = openBusboy(contentType)
  if (busboy === undefined) return undefined
  let isStopped = false
  const stop = (): void => {
    isStopped = true
  }
  // Without a listener an error event would end the process.
  busboy.on('error', stop)
  const queue: PendingPart[] = []
  // Busboy opens all the streams of a chunk before the first emits its bytes. Reading one part after another
  // divides the allowance in the same way however the form is split into chunks.
  const readNext = (): void => {
    if (queue[0] !== undefined) readPart(queue[0], fields, guard, advance)
  }
  const advance = (): void => {
    queue.shift()
    readNext()
  }
  busboy.on('file', (name, stream, filename, _encoding, mediaType) => {
    stream.on('error', stop)
    queue.push({ name, stream, filename, mediaType })
    if (queue.length === 1) guard(readNext)
  })
  busboy.on('partsLimit', () => guard(fields.onPartsLimit))
  return (chunk) => {
    // Its streams emit the bytes later in this turn of the event loop, and the chunk's memory is lent until this returns.
    if (!isStopped) guard(() => busboy.write(Buffer.from(chunk)))
  }
}

function openBusboy(contentType: string): BusboyInstance | undefined {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      // Busboy would buffer a field whole; a stream can be truncated, and the missing characters counted.
      isPartAFile: () => true,
      limits: { parts: maxParts, headerPairs: 16, headerSize: 16_384 },
      highWaterMark,
      fileHwm: highWaterMark,
    })
  } catch {
    return undefined
  }
}

/** Busboy's types promise a name and a file name; a part need not have either. */
type PendingPart = {
  readonly name: string | undefined
  readonly filename: string | undefined
  readonly mediaType: string
  readonly stream: BusboyFileStream
}

function readPart(pending: PendingPart, fields: FormFields, guard: Guard, onEnd: () => void): void {
  const { name = '', mediaType, filename, stream } = pending
  const part = fields.begin({
    name: boundedText(name),
    mediaType: boundedText(mediaType),
    ...(filename !== undefined && { filename: boundedText(filename) }),
  })
  stream.on('data', (bytes: Buffer) => guard(() => part.push(bytes)))
  stream.on('end', () => {
    guard(part.end)
    guard(onEnd)
  })
}

const boundedText = (text: string): string => wellFormed(text.slice(0, maxNameLength))
