import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import type { Random } from '../random/random.ts'
import type { Chunking, Coding, Ending, Field, FuzzResponse } from './case.ts'
import { damage } from './damage.ts'
import { damageStream } from './damage-stream.ts'
import type { Exchange } from './exchange.ts'

const compress: Readonly<Record<Coding, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
}

/** The upstream's response: the exchange's, often changed, and usually sent completely. */
export function generateResponse(
  exchange: Exchange,
  random: Random,
): { response: FuzzResponse; notes: string[] } {
  const mediaType = random.chance(0.03) ? 'text/plain' : exchange.mediaType
  const isEventStream = mediaType.startsWith('text/event-stream')
  const plain = random.chance(0.5) ? changed(exchange.body, isEventStream, random) : unchanged(exchange.body)
  const coding: Coding = random.chance(0.25) ? random.pick(['gzip', 'deflate', 'br']) : 'identity'
  const encoded = compress[coding](plain.bytes)
  const body = coding !== 'identity' && random.chance(0.2) ? damage(encoded, random) : unchanged(encoded)
  const ending = generateEnding(body.bytes, random)
  const notes = [...plain.notes, ...body.notes, ...(coding === 'identity' ? [] : [coding])]
  if (ending.kind !== 'complete') notes.push(`upstream ends with: ${ending.kind}`)
  return {
    notes,
    response: {
      status: random.chance(0.03) ? random.pick([201, 204, 304, 418, 500]) : exchange.status,
      fields: responseFields(mediaType, coding, random),
      body: body.bytes,
      coding,
      isEventStream,
      intact: plain.notes.length + body.notes.length === 0,
      framing: random.pick(['length', 'chunked', 'chunked', 'chunked', 'close']),
      chunking: generateChunking(random),
      informational: random.chance(0.03),
      ending,
    },
  }
}

type Changed = { readonly bytes: Buffer; readonly notes: readonly string[] }

const unchanged = (bytes: Buffer): Changed => ({ bytes, notes: [] })

const changed = (bytes: Buffer, isEventStream: boolean, random: Random): Changed =>
  isEventStream && random.chance(0.7) ? damageStream(bytes, random) : damage(bytes, random)

/** Everything at once, a few bytes at a time, or chunks of the size that sockets deliver. */
export const generateChunking = (random: Random): Chunking => ({
  seed: random.integer(0, 1e9),
  maxBytes: random.pick([1, 3, 40, 600, 5_000, 70_000, 1e9]),
})

function generateEnding(body: Buffer, random: Random): Ending {
  if (body.length === 0 || random.chance(0.9)) return { kind: 'complete' }
  if (random.chance(0.1)) return { kind: 'malformed' }
  return { kind: random.pick(['closed', 'reset']), afterBytes: random.integer(0, body.length - 1) }
}

function responseFields(mediaType: string, coding: Coding, random: Random): Field[] {
  const fields: Field[] = [['Content-Type', mediaType]]
  if (coding !== 'identity') fields.push(['content-encoding', coding])
  for (let left = random.pick([0, 1, 1, 2, 30]); left > 0; left--) {
    fields.push([random.pick(['x-fuzz-a', 'X-Fuzz-B', 'x-fuzz-c']), randomFieldValue(random)])
  }
  if (random.chance(0.1))
    fields.push(['retry-after', random.pick(['1', 'soon', '-1', '99999999999999999999'])])
  if (random.chance(0.1)) fields.push(['x-request-id', randomFieldValue(random)])
  return fields
}

/** Visible ASCII, inner spaces and bytes beyond ASCII: all that a field value may contain (RFC 9110 §5.5). */
export function randomFieldValue(random: Random): string {
  const visible = () => random.pick(['!', 'a', 'Z', '0', '~', '{"', '%', 'é', '\xff', '=', ','])
  const inner = Array.from({ length: random.integer(0, 30) }, () => random.pick([visible(), visible(), ' ']))
  return `v${inner.join('')}v`
}
