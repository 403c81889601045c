import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'
import { omitUndefined } from '../../../../shared/omit-undefined.ts'
import { isImageReference, isMediaReference, referenceIn } from './media-reference.ts'
import { keptText } from './parsed-text.ts'

export const textPart = (text: string): JsonObject => ({ type: 'text', text })

/** What has no readable form of its own. */
export const jsonPart = (value: Json): JsonObject => textPart(keptText(JSON.stringify(value)))

/**
 * @returns the part itself where Langfuse's schema has it: text, an image by URL or reference, audio by reference. Any
 * other one would turn its whole message into a table (measured), and becomes a text that describes it
 */
export function acceptedPart(part: Json): JsonObject | string {
  if (typeof part === 'string') return isMediaReference(part) ? part : textPart(part)
  if (!isJsonObject(part)) return jsonPart(part)
  switch (part.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'summary_text':
      if (typeof part.text !== 'string') return otherPart(part)
      if (isMediaReference(part.text)) return part.text
      return { ...withoutNulls(part), type: 'text' }
    case 'refusal':
      return typeof part.refusal === 'string' ? textPart(part.refusal) : otherPart(part)
    case 'image_url':
      return imagePart(part.image_url, part.detail) ?? otherPart(part)
    case 'input_image':
    case 'computer_screenshot':
      return imagePart(part.image_url ?? part.file_id, part.detail) ?? otherPart(part)
    case 'image':
      return imagePart(sourceOf(part), undefined) ?? otherPart(part)
    case 'input_audio':
      return audioPart(part.input_audio) ?? otherPart(part)
    case 'file':
      return filePart(isJsonObject(part.file) ? part.file : part)
    case 'input_file':
      return filePart(part)
    case 'document':
      return documentPart(part)
    default:
      return otherPart(part)
  }
}

/** @param image a URL, a reference, or what capture left of the picture; or an object that holds one */
function imagePart(image: Json | undefined, detail: Json | undefined): JsonObject | string | undefined {
  if (isJsonObject(image)) return imagePart(image.url, image.detail)
  if (typeof image !== 'string') return undefined
  if (isMediaReference(image) && !isImageReference(image)) return image
  if (!/^https?:/.test(image) && !isMediaReference(image)) return textPart(description('image', image))
  return { type: 'image_url', image_url: omitUndefined({ url: image, detail: acceptedDetail(detail) }) }
}

const acceptedDetail = (detail: Json | undefined): string | undefined =>
  detail === 'low' || detail === 'high' || detail === 'auto' ? detail : undefined

function audioPart(audio: Json | undefined): JsonObject | undefined {
  if (!isJsonObject(audio) || typeof audio.data !== 'string') return undefined
  if (isMediaReference(audio.data)) return { type: 'input_audio', input_audio: { data: audio.data } }
  return textPart(
    description(`audio/${typeof audio.format === 'string' ? audio.format : 'unknown'}`, audio.data),
  )
}

function filePart(file: JsonObject): JsonObject | string {
  const { filename, file_data: data, file_url: url, file_id: id } = file
  if (typeof data === 'string' && isMediaReference(data)) return data
  const what =
    typeof data === 'string' ? description('file', data) : [url, id].find((text) => typeof text === 'string')
  const parts = [filename, what].filter((text) => typeof text === 'string')
  return parts.length === 0 ? otherPart(file) : textPart(parts.join(' '))
}

/** Anthropic's documents: text that the client sent, or a file. */
function documentPart(part: JsonObject): JsonObject | string {
  const { source, title } = part
  if (isJsonObject(source) && source.type === 'text' && typeof source.data === 'string')
    return textPart(source.data)
  return filePart({ filename: title, file_data: sourceOf(part) })
}

/** Anthropic's media: `{source: {type: "base64" | "url" | "file", ...}}`. */
function sourceOf({ source }: JsonObject): Json | undefined {
  if (!isJsonObject(source)) return undefined
  const { media_type: mediaType, data, url, file_id: file } = source
  if (typeof data === 'string' && typeof mediaType === 'string') return description(mediaType, data)
  return data ?? url ?? file
}

/** Capture leaves `[base64, 5000 bytes, sha256 9f86d0...]` where it was not told the type. */
function description(mediaType: string, data: string): string {
  if (isMediaReference(data)) return data
  if (data.startsWith('[')) return data.replace(/^\[base64,/, `[${mediaType},`)
  return /^data:|^[A-Za-z0-9+/_=-]{200}/.test(data)
    ? `[${mediaType}, ${data.length} characters]`
    : `[${mediaType}, ${data}]`
}

const otherPart = (part: JsonObject): JsonObject | string => referenceIn(part) ?? jsonPart(withoutNulls(part))

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  )
}
