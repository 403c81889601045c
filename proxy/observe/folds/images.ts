import { createHash } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Output, Picture } from '../../../shared/record/output.ts'
import { nameOf } from '../capture/text.ts'
import { createFacts } from './facts.ts'
import type { Fold } from './fold.ts'

/** More than any API makes at once. */
const maxPictures = 32

/**
 * Made and edited pictures: how many, how large and by which hash, or where they are; never their bytes. As a
 * stream (`image_generation.*`, `image_edit.*`) they come as drafts, and each is repeated when it is done.
 */
export function imagesFold(): Fold {
  const facts = createFacts()
  const pictures: Picture[] = []
  let format: string | undefined
  let size: string | undefined
  let count = 0
  let streamed = false
  let ended = false

  function event(data: Json): boolean {
    if (!isJsonObject(data)) return false
    facts.see(data)
    format = nameOf(data.output_format) ?? format
    size = nameOf(data.size) ?? size
    if (typeof data.type === 'string') {
      streamed = true
      const done = /^image_\w+\.completed$/.test(data.type)
      ended ||= done
      return done ? add(data) : data.b64_json !== undefined
    }
    // `images` is SiliconFlow's and fal's name for it.
    const list = data.data ?? data.images
    if (!Array.isArray(list)) return false
    for (const picture of list as readonly Json[]) add(picture)
    return true
  }

  function add(told: Json): boolean {
    count += 1
    if (isJsonObject(told) && pictures.length < maxPictures) pictures.push(pictureOf(told))
    return true
  }

  return {
    event,
    answer() {
      const output: Output = { kind: 'images', count, pictures, ...omitUndefined({ format, size }) }
      return { ...facts.read(), ...(count > 0 && { output }), ended: ended || !streamed }
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
    ...(typeof base64 === 'string' && measured(Buffer.from(base64, 'base64'))),
    url: typeof url === 'string' ? url : undefined,
    mediaType: nameOf(mediaType),
    revisedPrompt: typeof prompt === 'string' ? prompt : undefined,
  })
}

const measured = (bytes: Buffer) => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
})
