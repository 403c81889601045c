import { type Json, parseJson } from '../../shared/json.ts'
import { entriesMark, fieldsMark, missingFields } from '../../shared/record/left-out-marks.ts'
import { maxDepth, tooDeep } from '../observe/capture/truncate.ts'

/** A smaller text is parsed as it is: there is no room in it for what takes long. */
const smallBytes = 262_144

/** OpenAI's `metadata` has 16, schemas of tools some hundreds. Beyond some thousands an object is slow to make and to copy. */
const maxFields = 2_000

/** What all values of a text may cost. */
const maxCost = 500_000
const entryCost = 1
/** A field, an object or a list takes about as long as so many numbers in a list. */
const fieldCost = 8

/**
 * Parses a text so that the time it takes, and whatever reads the result, is bounded, whoever wrote it: of a text with
 * hundreds of thousands of fields or brackets only the first are read, and a mark says how many are missing.
 * @returns undefined where the text is not JSON; what is left out is not looked at closely
 */
export function parseBoundedJson(bytes: Buffer): Json | undefined {
  const cuts = bytes.length < smallBytes ? [] : findCuts(bytes)
  if (cuts.length === 0) return parseJson(bytes.toString('utf8'))
  let text = ''
  let keptTo = 0
  for (const { start, end, mark } of cuts) {
    text += bytes.toString('utf8', keptTo, start) + mark
    keptTo = end
  }
  return parseJson(text + bytes.toString('utf8', keptTo))
}

/** Bytes that are left out, and the JSON in their place. */
type Cut = { readonly start: number; readonly end: number; readonly mark: string }

function findCuts(bytes: Buffer): readonly Cut[] {
  const cuts: Cut[] = []
  const open: { readonly isObject: boolean; fields: number }[] = []
  let [cost, at] = [0, 0]
  const cut = (start: number, end: number, mark: string): void => {
    cuts.push({ start, end, mark })
    at = end
  }
  while (at < bytes.length) {
    const byte = bytes[at] as number
    const around = open[open.length - 1]
    if (byte === quote) at = afterString(bytes, at + 1)
    else if (byte === comma && around !== undefined) {
      cost += around.isObject ? fieldCost : entryCost
      around.fields += 1
      if (cost > maxCost || (around.isObject && around.fields >= maxFields)) {
        const { end, commas } = restOf(bytes, at)
        cut(at, end, around.isObject ? cutFields(commas) : cutEntries(commas))
      } else at += 1
    } else if (isOpening(byte) && open.length === maxDepth) {
      cut(at, restOf(bytes, at + 1).end + 1, JSON.stringify(tooDeep))
    } else {
      if (isOpening(byte)) {
        cost += fieldCost
        open.push({ isObject: byte === openBrace, fields: 0 })
      } else if (isClosing(byte)) open.pop()
      at += 1
    }
  }
  return cuts
}

const isOpening = (byte: number): boolean => byte === openBrace || byte === openBracket
const isClosing = (byte: number): boolean => byte === closeBrace || byte === closeBracket

// As `truncate` marks them.
const cutFields = (fields: number): string => `,"${missingFields}":"${fieldsMark(fields)}"`
const cutEntries = (entries: number): string => `,"${entriesMark(entries)}"`

/**
 * @param from a position within an object or a list
 * @returns where its closing bracket stands, and the commas of its own before that
 */
function restOf(bytes: Buffer, from: number): { readonly end: number; readonly commas: number } {
  let [depth, commas, at] = [0, 0, from]
  while (at < bytes.length) {
    const byte = bytes[at] as number
    if (byte === quote) {
      at = afterString(bytes, at + 1)
      continue
    }
    if (isOpening(byte)) depth += 1
    else if (isClosing(byte)) {
      if (depth === 0) return { end: at, commas }
      depth -= 1
    } else if (byte === comma && depth === 0) commas += 1
    at += 1
  }
  return { end: at, commas }
}

/** Nearly all strings of a text with many of them are shorter, and a native search costs as much as some 40 steps. */
const nearBytes = 32

/** @param from behind the opening quote @returns the position behind the closing one */
function afterString(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length) {
    const near = Math.min(at + nearBytes, bytes.length)
    while (at < near) {
      const byte = bytes[at] as number
      if (byte === quote) return at + 1
      at += byte === backslash ? 2 : 1
    }
    const end = bytes.indexOf(quote, at)
    if (end < 0) break
    if (!isEscaped(bytes, end, at)) return end + 1
    at = end + 1
  }
  return bytes.length
}

/** @param from where no escape is under way */
function isEscaped(bytes: Buffer, at: number, from: number): boolean {
  let backslashes = 0
  while (at - backslashes > from && bytes[at - backslashes - 1] === backslash) backslashes += 1
  return backslashes % 2 === 1
}

const quote = 0x22
const comma = 0x2c
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
