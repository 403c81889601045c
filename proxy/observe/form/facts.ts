import type { Json, JsonObject } from '../../../shared/json.ts'
import type { Capture } from '../capture/capture.ts'
import { isSetting } from './field-types.ts'
import { filePart } from './file-part.ts'
import type { FormPart, PartHead } from './part.ts'
import { textPart } from './text-part.ts'

/** What a form says, collected part by part. */
export type FormFacts = {
  /** True until a part has begun. */
  readonly empty: boolean
  /** @returns what takes the part's bytes */
  begin(head: PartHead): FormPart
  /** All further parts are passed over. */
  tooMany(): void
  /** Model, stream and what steers the model, as the JSON form of the API has them; those that came whole. */
  settings(): JsonObject
  /** All fields, as the JSON form of the API has them, with files described. */
  fields(): JsonObject
}

/** A setting is kept however little may be kept of content; none has more than a few words. */
const maxSettingBytes = 256

/** Roughly what the description of a file takes as JSON. */
const describedFileBytes = 150

type Entry = {
  readonly name: string
  readonly isList: boolean
  readonly isSetting: boolean
  /** False where nothing more could be kept when it began. */
  readonly isShown: boolean
  readonly part: FormPart
}

/** @param capture its `maxBytes` are what all fields together may take; lengths take no room */
export function createFormFacts({ content, maxBytes }: Capture): FormFacts {
  const allowance = { left: content === 'full' ? maxBytes : 0 }
  const entries: Entry[] = []
  let areMore = false

  return {
    get empty() {
      return entries.length === 0
    },
    begin(head) {
      const isFile = isFileHead(head)
      const { name, isList } = listName(head.name)
      const isSettingField = !isFile && isSetting(name)
      const isShown = content !== 'full' || allowance.left > 0
      allowance.left -= name.length + (isFile ? describedFileBytes : 0)
      const room = isSettingField ? { left: maxSettingBytes } : allowance
      const part = isFile ? filePart(head) : textPart(name, room)
      entries.push({ name, isList, isSetting: isSettingField, isShown, part })
      return part
    },
    tooMany() {
      areMore = true
    },
    settings() {
      const told = entries.filter(({ isSetting, part }) => isSetting && part.whole)
      return Object.fromEntries(told.map(({ name, part }) => [name, part.value('full')]))
    },
    fields() {
      const shown = entries.filter(({ isShown }) => isShown)
      const more = areMore ? '[more fields]' : `[${entries.length - shown.length} more fields]`
      const areAll = shown.length === entries.length && !areMore
      return { ...byName(shown, content), ...(areAll ? {} : { '…': more }) }
    },
  }
}

/** Some clients send JSON as a part of its own, which is a text like the others. */
const isFileHead = ({ filename, mediaType }: PartHead): boolean =>
  filename !== undefined || !/^(text\/|application\/json$)/.test(mediaType)

/** `image[]` is how SDKs write an entry of a list. */
const listName = (name: string) =>
  name.endsWith('[]') ? { name: name.slice(0, -2), isList: true } : { name, isList: false }

/** A field that comes twice is a list, whatever it is called. */
function byName(entries: readonly Entry[], content: Capture['content']): JsonObject {
  const values = new Map<string, Json | Json[]>()
  for (const { name, isList, part } of entries) {
    const value = part.value(content)
    const before = values.get(name)
    if (Array.isArray(before)) before.push(value)
    else if (before !== undefined) values.set(name, [before as Json, value])
    else values.set(name, isList ? [value] : value)
  }
  return Object.fromEntries(values)
}
