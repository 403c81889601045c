import type { Operation } from '../../shared/record/record.ts'
import type { FrameShape } from './frame-shape.ts'

/** How an upstream reports the token usage of a model's streams. A closed set: it is a metric label. */
export const reportings = [
  /** Sends usage to a client that did not ask for it. */
  'unsolicited',
  /** Sends usage where `stream_options.include_usage` asks for it. */
  'on_request',
  /** Rejects a request with `stream_options`. */
  'rejects_option',
  /** When asked, changes other frames than the one that carries only usage. */
  'alters_frames',
] as const

export type Reporting = (typeof reportings)[number]

/** What is known of one upstream and model. */
export type LearnedReporting = {
  readonly reporting: Reporting
  /** Wall clock, ms since 1970. */
  readonly expiresAt: number
  /** With `on_request`: the frames of a stream whose usage nobody asked for, and what else was asked of it. */
  readonly plain?: PlainStream
}

/** `parameters`: names of the request's parameters, as a text that is the same for the same ones. */
export type PlainStream = { readonly shape: FrameShape; readonly parameters: string }

const hourMs = 3_600_000

/** Afterwards the upstream is tried again: servers are updated. A refused option costs a request, and no usage. */
export const lifetimesMs: Readonly<Record<Reporting, number>> = {
  unsolicited: 24 * hourMs,
  on_request: 24 * hourMs,
  rejects_option: hourMs,
  alters_frames: 24 * hourMs,
}

/** Beyond it the least recently used pair is forgotten, and learned again. */
export const maxPairs = 2_000

/** In UTF-16 code units. Model names come from clients, without a limit of their own; real ones are far shorter. */
const maxModelLength = 256

/**
 * The model by which an upstream is remembered: Azure and others name it in the path alone. Text completions have frames of
 * their own, and are remembered apart.
 * @param model as the request's body has it
 * @param route from `/v1` on, without query
 * @returns undefined where it is too long to be remembered
 */
export function reportingModel(operation: Operation, model: unknown, route: string): string | undefined {
  const name = typeof model === 'string' && model !== '' ? model : (deployment.exec(route)?.[1] ?? '')
  if (name.length > maxModelLength) return undefined
  return operation === 'text_completion' ? `${name} (completions)` : name
}

const deployment = /\/deployments\/([^/]+)\//
