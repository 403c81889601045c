import type { Json, JsonObject } from '../../../shared/json.ts'
import { fieldsMark, missingFields } from '../../../shared/record/left-out-marks.ts'
import type { Capture } from '../capture/capture.ts'
import { isParameter } from './field-types.ts'
import { filePart } from './file-part.ts'
import type { FormPart, PartHeader } from './part.ts'
import { textPart } from './text-part.ts'

/** The fields of a form, collected part by part. */
export type FormFields = {
  /** True until a part has begun. */
  readonly empty: boolean
  /** @returns the part, which takes its bytes */
  begin(header: PartHeader): FormPart
  /** Called when further parts are skipped. */
  onPartsLimit(): void
  /** @returns model, stream and model parameters as in the JSON form of the API; complete ones only */
  parameters(): JsonObject
  /** @returns all fields as in the JSON form of the API, with files described */
  all(): JsonObject
}

/** Parameters are kept whatever the limit on content; none has more than a few words. */
const maxParameterBytes = 256

/** Approximate size of a file's description as JSON. */
const fileDescriptionBytes = 150

type Field = {
  readonly name: string
  readonly isList: boolean
  readonly isParameter: boolean
  /** False where the allowance was spent when it began. */
  readonly isKept: boolean
  readonly part: FormPart
}

/** @param capture its `maxBytes` apply to all fields together; under CAPTURE_CONTENT=lengths nothing is charged */
export function createFormFields({ content, maxBytes, media }: Capture): FormFields {
  const allowance = { left: content === 'full' ? maxBytes : 0 }
  const fields: Field[] = []
  let isOverLimit = false

  return {
    get empty() {
      return fields.length === 0
    },
    begin(header) {
      const isFile = isFilePart(header)
      const { name, isList } = fieldName(header.name)
      const isParameterField = !isFile && isParameter(name)
      const isKept = content !== 'full' || allowance.left > 0
      allowance.left -= name.length + (isFile ? fileDescriptionBytes : 0)
      const partAllowance = isParameterField ? { left: maxParameterBytes } : allowance
      const part = isFile ? filePart(header, media?.input) : textPart(name, partAllowance)
      fields.push({ name, isList, isParameter: isParameterField, isKept, part })
      return part
    },
    onPartsLimit() {
      isOverLimit = true
    },
    parameters() {
      const complete = fields.filter(({ isParameter, part }) => isParameter && part.complete)
      return Object.fromEntries(complete.map(({ name, part }) => [name, part.value('full')]))
    },
    all() {
      const kept = fields.filter(({ isKept }) => isKept)
      const missing = fields.length - kept.length
      const mark = isOverLimit ? '[more fields]' : fieldsMark(missing)
      return {
        ...valuesByName(kept, content),
        ...((isOverLimit || missing > 0) && { [missingFields]: mark }),
      }
    },
  }
}

/** Some clients send JSON as a part of its own, which is a text like the others. */
const isFilePart = ({ filename, mediaType }: PartHeader): boolean =>
  filename !== undefined || !/^(text\/|application\/json$)/.test(mediaType)

/** SDKs write an entry of a list as `image[]`. */
const fieldName = (name: string) =>
  name.endsWith('[]') ? { name: name.slice(0, -2), isList: true } : { name, isList: false }

/** A repeated field is a list, whatever its name. */
function valuesByName(fields: readonly Field[], content: Capture['content']): JsonObject {
  const values = new Map<string, Json | Json[]>()
  for (const { name, isList, part } of fields) {
    const value = part.value(content)
    const earlier = values.get(name)
    if (Array.isArray(earlier)) earlier.push(value)
    else if (earlier !== undefined) values.set(name, [earlier as Json, value])
    else values.set(name, isList ? [value] : value)
  }
  return Object.fromEntries(values)
}
