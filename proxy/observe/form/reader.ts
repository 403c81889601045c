import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { wellFormed } from '../capture/text.ts'
import type { FormFacts } from './facts.ts'
import type { Guard } from './guard.ts'

/** More parts than any API takes. */
const maxParts = 256

/** Names are kept, so they have a limit too; none that an API knows comes near it. */
const maxNameLength = 200

/**
 * Above any chunk, so that busboy never says that it has enough. It then parses a chunk within `write`, and its
 * streams hand their bytes on before the next event: nothing waits when the socket gives more, and a form cannot
 * come faster than it is read. Below it, busboy would keep chunks until its streams are read, and parse them in
 * events of its own, where no guard of ours stands.
 */
const highWaterMark = 2 ** 40

/**
 * Reads multipart/form-data as it goes by. Bytes that are no form, and the rest of a form that breaks off, say nothing.
 * @param guard stands around everything that is done with the bytes
 * @returns what takes the bytes, chunk by chunk; undefined where the content type has no usable boundary
 */
export function readForm(
  contentType: string,
  facts: FormFacts,
  guard: Guard,
): ((chunk: Buffer) => void) | undefined {
  const busboy = openBusboy(contentType)
  if (busboy === undefined) return undefined
  let isOver = false
  const stop = (): void => {
    isOver = true
  }
  // An error that nobody listens to would end the process.
  busboy.on('error', stop)
  const parts: SentPart[] = []
  // Busboy opens all the streams of a chunk before the first gives its bytes. Read one after another, parts
  // share what may be kept in the same way however the form is cut.
  const readNext = (): void => {
    if (parts[0] !== undefined) readPart(parts[0], facts, guard, forward)
  }
  const forward = (): void => {
    parts.shift()
    readNext()
  }
  busboy.on('file', (name, stream, filename, _encoding, mediaType) => {
    stream.on('error', stop)
    parts.push({ name, stream, filename, mediaType })
    if (parts.length === 1) guard(readNext)
  })
  busboy.on('partsLimit', () => guard(facts.tooMany))
  return (chunk) => {
    if (!isOver) guard(() => busboy.write(chunk))
  }
}

function openBusboy(contentType: string): BusboyInstance | undefined {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      // Busboy would hold a field until its end; as a stream it can be cut, and what is cut off be counted.
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
type SentPart = {
  readonly name: string | undefined
  readonly filename: string | undefined
  readonly mediaType: string
  readonly stream: BusboyFileStream
}

function readPart(sent: SentPart, facts: FormFacts, guard: Guard, onEnd: () => void): void {
  const { name = '', mediaType, filename, stream } = sent
  const part = facts.begin({
    name: shortened(name),
    mediaType: shortened(mediaType),
    ...(filename === undefined ? {} : { filename: shortened(filename) }),
  })
  stream.on('data', (bytes: Buffer) => guard(() => part.push(bytes)))
  stream.on('end', () => {
    guard(part.end)
    guard(onEnd)
  })
}

const shortened = (name: string): string => wellFormed(name.slice(0, maxNameLength))
