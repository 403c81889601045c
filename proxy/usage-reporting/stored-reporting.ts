import { isJsonObject, type Json } from '../../shared/json.ts'
import type { FrameShape } from './frame-shape.ts'
import {
  type LearnedReporting,
  lifetimesMs,
  type PlainStream,
  type Reporting,
  reportings,
} from './reporting.ts'

/**
 * What is known, by the upstream's base URL and the model, so that it is true wherever it is read: names of upstreams are
 * each process's own.
 */
export type StoredPair = readonly [pair: string, learned: LearnedReporting]

/** No URL has a space in it. */
export const storedPair = (url: string, model: string): string => `${url} ${model}`

export function urlAndModel(pair: string): { readonly url: string; readonly model: string } {
  const at = pair.indexOf(' ')
  return { url: pair.slice(0, Math.max(at, 0)), model: pair.slice(at + 1) }
}

/**
 * Reads what this version or another one wrote, here or on another machine.
 * @param now ms since 1970
 * @returns undefined for what is damaged, unknown or expired
 */
export function decodeLearned(value: Json | undefined, now: number): LearnedReporting | undefined {
  if (!isJsonObject(value) || typeof value.expiresAt !== 'number') return undefined
  const reporting = reportings.find((name) => name === value.reporting)
  if (reporting === undefined || !(value.expiresAt > now)) return undefined
  const plain = decodePlain(value.plain)
  const expiresAt = latest(value.expiresAt, reporting, now)
  return { reporting, expiresAt, ...(plain !== undefined && { plain }) }
}

/** Another machine's clock may be ahead. */
const latest = (expiresAt: number, reporting: Reporting, now: number): number =>
  Math.min(expiresAt, now + lifetimesMs[reporting])

function decodePlain(value: Json | undefined): PlainStream | undefined {
  if (!isJsonObject(value) || typeof value.parameters !== 'string') return undefined
  const shape = decodeShape(value.shape)
  return shape && { shape, parameters: value.parameters }
}

function decodeShape(value: Json | undefined): FrameShape | undefined {
  if (!isJsonObject(value)) return undefined
  const { every, some } = value
  return areNames(every) && areNames(some) ? { every, some } : undefined
}

const maxNames = 512

const areNames = (value: Json | undefined): value is readonly string[] =>
  Array.isArray(value) && value.length <= maxNames && value.every((name) => typeof name === 'string')
