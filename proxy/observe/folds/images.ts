import { createHash } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Output, Picture } from '../../../shared/record/output.ts'
import { boundedName } from '../capture/text.ts'
import { createCommonFields } from './common-fields.ts'
import type { Fold } from './fold.ts'

/** More than any API generates at once. */
const maxPictures = 32

/**
 * Generated and edited pictures: count, size and hash, or URL; never their bytes. Streams (`image_generation.*`,
 * `image_edit.*`) send partial images first; only completed ones count.
 */
export function imagesFold(): Fold {
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
    if (isJsonObject(picture) && pictures.length < maxPictures) pictures.push(pictureOf(picture))
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

function pictureOf({
  b64_json: base64,
  url,
  mime_type: mediaType,
  revised_prompt: prompt,
}: JsonObject): Picture {
  return omitUndefined({
    ...(typeof base64 === 'string' && sizeAndHash(Buffer.from(base64, 'base64'))),
    url: typeof url === 'string' ? url : undefined,
    mediaType: boundedName(mediaType),
    revisedPrompt: typeof prompt === 'string' ? prompt : undefined,
  })
}

const sizeAndHash = (bytes: Buffer) => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
})
