import { createHash } from 'node:crypto'

/** Fields that hold base64 without saying so. */
const base64Fields = new Set([
  'data',
  'b64_json',
  'file_data',
  'result',
  'partial_image_b64',
  'image',
  'images',
  'audio',
  'video',
  'bytes',
])

/** Shorter than this, base64 cannot be told from a word, and is no burden. */
const minBase64Length = 128

// Some encoders break it into lines (RFC 2045 section 6.8).
const base64Text = /^[A-Za-z0-9+/_\r\n-]+={0,2}\s*$/

/**
 * Describes media in JSON, and within its texts, by type, size and hash: `[image/png, 20480 bytes, sha256 9f86d0...]`.
 * @param field the name under which the text stands
 * @returns undefined where the text is not media
 */
export function describeMedia(field: string, text: string): string | undefined {
  const described = text.startsWith('data:') ? describeDataUri(text) : undefined
  if (described !== undefined) return described
  if (text.includes(';base64,')) return describeWithin(text)
  if (text.length < minBase64Length || !base64Fields.has(field) || !base64Text.test(text)) return undefined
  return description('base64', Buffer.from(text, 'base64'))
}

/** RFC 2397: `data:<type>[;<parameter>...][;base64],<data>`. */
const dataUri = /^data:([a-z]+\/[\w.+-]+)((?:;[\w-]+(?:=[^;,]*)?)*),/i

/** More than any media type with its parameters. */
const maxHeadLength = 1_024

function describeDataUri(uri: string): string | undefined {
  const found = dataUri.exec(uri.slice(0, maxHeadLength))
  if (found === null) return undefined
  const [beginning, mediaType = '', parameters = ''] = found
  const data = uri.slice(beginning.length)
  if (!parameters.endsWith(';base64')) return description(mediaType, Buffer.from(data))
  // What stands behind the data is a text of its own: the question about the picture, say.
  return base64Text.test(data) ? description(mediaType, Buffer.from(data, 'base64')) : undefined
}

/** Pictures in the middle of Markdown or HTML. */
const embedded = /data:[a-z]+\/[\w.+-]+(?:;[\w-]+=[^;,\s]{1,100}){0,3};base64,[A-Za-z0-9+/_-]{128,}={0,2}/gi

function describeWithin(text: string): string | undefined {
  const described = text.replace(embedded, (uri) => describeDataUri(uri) ?? uri)
  return described === text ? undefined : described
}

function description(mediaType: string, bytes: Buffer): string {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return `[${mediaType}, ${bytes.length} bytes, sha256 ${sha256}]`
}
