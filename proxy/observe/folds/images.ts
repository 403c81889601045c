import { createHash } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Output, Picture } from '../../../shared/record/output.ts'
import type { TakeMedium } from '../capture/media-capture.ts'
import { boundedName } from '../capture/text.ts'
import type { AnswerMedia } from './answer-media.ts'
import { createCommonFields } from './common-fields.ts'
import type { Fold } from './fold.ts'

/** More than any API generates at once. */
const maxPictures = 32

/**
 * Generated and edited pictures: count, size and hash, or URL. Streams (`image_generation.*`,
 * `image_edit.*`) send partial images first; only completed ones count.
 */
export function imagesFold(media?: AnswerMedia): Fold {
  const common = createCommonFields()
  const pictures: Picture[] = []
  let format: string | undefined
  let size: string | undefined
  let count = 0
  let streamed = false
  let ended = false

  function add(event: Json): boolean {
    if (!isJsonObject(event)) return false
    common.add(event)
    format = boundedName(event.output_format) ?? format
    size = boundedName(event.size) ?? size
    if (typeof event.type === 'string' && event.type.startsWith('image_')) {
      streamed = true
      const isCompleted = /^image_\w+\.completed$/.test(event.type)
      ended ||= isCompleted
      if (isCompleted) addPicture(event)
      return isCompleted || event.b64_json !== undefined
    }
    // SiliconFlow and fal send `images`.
    const list = event.data ?? event.images
    if (!Array.isArray(list)) return false
    for (const picture of list as readonly Json[]) addPicture(picture)
    return true
  }

  function addPicture(picture: Json): void {
    count += 1
    if (isJsonObject(picture) && pictures.length < maxPictures) pictures.push(pictureOf(picture, media?.take))
  }

  return {
    add,
    result() {
      const output: Output = { kind: 'images', count, pictures, ...omitUndefined({ format, size }) }
      return {
        ...common.read(),
        ...(count > 0 ? { output } : !streamed && { unrecognized: true }),
        ended: ended || !streamed,
      }
    },
  }
}

function pictureOf(picture: JsonObject, take: TakeMedium | undefined): Picture {
  const { b64_json: base64, url, mime_type: mediaType, revised_prompt: prompt } = picture
  return omitUndefined({
    ...(typeof base64 === 'string' && described(Buffer.from(base64, 'base64'), mediaType, take)),
    url: typeof url === 'string' ? url : undefined,
    mediaType: boundedName(mediaType),
    revisedPrompt: typeof prompt === 'string' ? prompt : undefined,
  })
}

function described(bytes: Buffer, mediaType: Json | undefined, take: TakeMedium | undefined) {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  take?.(typeof mediaType === 'string' ? mediaType : 'base64', sha256, bytes)
  return { bytes: bytes.length, sha256 }
}
