import { createHash } from 'node:crypto'
import { mediaNote } from '../../../shared/record/media.ts'
import type { TakeMedium } from './media-capture.ts'

/** Fields that hold base64 without a data URI around it. */
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

/** Shorter base64 cannot be distinguished from a word, and takes little room. */
const minBase64Length = 128

// Some encoders insert line breaks (RFC 2045 section 6.8).
const base64Text = /^[A-Za-z0-9+/_\r\n-]+={0,2}\s*$/

/**
 * Describes media in a JSON text, or embedded in it, by type, size and hash: `[image/png, 20480 bytes, sha256 9f86d0...]`.
 * @param field the name of the field that holds the text
 * @param take gets the bytes of each medium
 * @returns undefined where the text is not media
 */
export function describeMedia(field: string, text: string, take?: TakeMedium): string | undefined {
  const described = text.startsWith('data:') ? describeDataUri(text, take) : undefined
  if (described !== undefined) return described
  if (text.includes(';base64,')) return describeEmbedded(text, take)
  if (text.length < minBase64Length || !base64Fields.has(field) || !base64Text.test(text)) return undefined
  return description('base64', Buffer.from(text, 'base64'), take)
}

/** RFC 2397: `data:<type>[;<parameter>...][;base64],<data>`. */
const dataUri = /^data:([a-z]+\/[\w.+-]+)((?:;[\w-]+(?:=[^;,]*)?)*),/i

/** Longer than any media type with its parameters. */
const maxPrefixLength = 1_024

function describeDataUri(uri: string, take: TakeMedium | undefined): string | undefined {
  const match = dataUri.exec(uri.slice(0, maxPrefixLength))
  if (match === null) return undefined
  const [prefix, mediaType = '', parameters = ''] = match
  const data = uri.slice(prefix.length)
  if (!parameters.endsWith(';base64')) return description(mediaType, Buffer.from(data), take)
  // Some clients append a text of their own to the data: the question about the picture, for example.
  return base64Text.test(data) ? description(mediaType, Buffer.from(data, 'base64'), take) : undefined
}

/** Pictures inside Markdown or HTML. */
const embeddedUri =
  /data:[a-z]+\/[\w.+-]+(?:;[\w-]+=[^;,\s]{1,100}){0,3};base64,[A-Za-z0-9+/_-]{128,}={0,2}/gi

function describeEmbedded(text: string, take: TakeMedium | undefined): string | undefined {
  const described = text.replace(embeddedUri, (uri) => describeDataUri(uri, take) ?? uri)
  return described === text ? undefined : described
}

function description(mediaType: string, bytes: Buffer, take: TakeMedium | undefined): string {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  take?.(mediaType, sha256, bytes)
  return mediaNote(mediaType, bytes.length, sha256)
}
