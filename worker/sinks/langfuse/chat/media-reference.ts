import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts'

/** A medium that was uploaded to Langfuse, in the place of its bytes. */
const mediaReference = /^@@@langfuseMedia:type=([^|@]+)\|[^@]+@@@$/

export const isMediaReference = (text: string): boolean => mediaReference.test(text)

export const isImageReference = (text: string): boolean =>
  mediaReference.exec(text)?.[1]?.startsWith('image/') === true

/** @returns the part that Langfuse draws: a picture under the text, anything else as a file */
export const referencePart = (reference: string): JsonObject | string =>
  isImageReference(reference) ? { type: 'image_url', image_url: { url: reference } } : reference

/** Deeper than any part is nested. */
const maxDepth = 4

/** @returns the first reference in a part of an unknown shape: `{type: "video_url", video_url: {url}}` */
export function referenceIn(value: Json, depth = 0): string | undefined {
  if (typeof value === 'string') return isMediaReference(value) ? value : undefined
  if (depth === maxDepth) return undefined
  const entries: readonly Json[] = Array.isArray(value)
    ? value
    : isJsonObject(value)
      ? Object.values(value).filter((entry) => entry !== undefined)
      : []
  for (const entry of entries) {
    const found = referenceIn(entry, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}
