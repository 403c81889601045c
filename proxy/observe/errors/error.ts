import { isJsonObject, type Json, type JsonObject, parseJson } from '../../../shared/json.ts'
import type { CallError } from '../../../shared/record/record.ts'
import { wellFormed } from '../capture/text.ts'
import { pageTitle } from './error-page.ts'

const maxCharacters = 500

/** Deeper than any error seen. */
const maxDepth = 5

/**
 * Reads what an upstream answered with a status of 400 or more: JSON in any provider's shape, an event
 * stream of one error, a gateway's HTML page, or plain text.
 */
export function readErrorBody(text: string, status: number): CallError {
  const fallback = `http_${status}`
  const json = parseJson(text) ?? errorEvent(text)
  const error = json === undefined ? undefined : errorFrom(json, fallback)
  return error ?? { type: fallback, message: oneLine(pageTitle(text) ?? text) || `HTTP status ${status}` }
}

/**
 * Reads an error out of JSON, whatever it is wrapped in: `{error: {message, type, code}}`, `{error: "..."}`,
 * `{message}`, `{detail: "..." | [{loc, msg}]}`, `{errors: [...]}`, a list of any of these, or a bare text.
 * What the innermost layer does not say is taken from those around it.
 * @param fallback the type where the JSON names none
 * @returns undefined where it holds no message and no name of an error
 */
export function errorFrom(json: Json, fallback = 'error'): CallError | undefined {
  const layers = layersOf(json)
  const type = firstDefined(layers, errorTypeOf)
  const message = messageIn(layers)
  if (type === undefined && message === undefined) return undefined
  return { type: type ?? fallback, message: oneLine(message ?? '') || (type ?? fallback) }
}

/** What errors are wrapped in: nearly everybody; Apigee; MiniMax. */
const wrapperFields = ['error', 'errors', 'fault', 'base_resp'] as const

/** What they say it with, the plainest first. */
const messageFields = [
  ...['message', 'msg', 'detail', 'details', 'error_description', 'error_msg', 'status_msg'],
  ...['Message', 'faultstring', 'title'],
] as const

/** True for what says anything: servers also write `""`, `{}`, `false` or `null` for no error. */
export function isNonEmpty(json: Json | undefined): json is string | JsonObject | readonly Json[] {
  if (typeof json === 'string') return json.trim() !== ''
  return typeof json === 'object' && json !== null && Object.keys(json).length > 0
}

/** The JSON and what it wraps, from the inside out. */
function layersOf(json: Json, depth = 0): readonly Json[] {
  const inner = innerOf(json)
  return isNonEmpty(inner) && depth < maxDepth ? [...layersOf(inner, depth + 1), json] : [json]
}

function innerOf(json: Json): Json | undefined {
  if (Array.isArray(json)) return isJsonObject(json[0]) ? json[0] : undefined
  return isJsonObject(json)
    ? firstDefined(wrapperFields, (name) => (isNonEmpty(json[name]) ? json[name] : undefined))
    : undefined
}

function messageIn(layers: readonly Json[]): string | undefined {
  const messages = layers.map(messageOf)
  const [first, second] = messages
  // `{error: "Unauthorized", message: "API key missing"}`: the one is the name of the other.
  if (typeof layers[0] === 'string' && second !== undefined) return `${first}: ${second}`
  return messages.find((message) => message !== undefined)
}

function messageOf(layer: Json): string | undefined {
  if (!isJsonObject(layer)) return textOf(layer)
  const message = firstDefined(messageFields, (name) => textOf(layer[name]))
  return message === undefined ? undefined : withUpstreamMessage(message, layer.metadata)
}

function textOf(told: Json | undefined, depth = 0): string | undefined {
  if (!isNonEmpty(told) || depth > maxDepth) return undefined
  if (typeof told === 'string') return told
  const inner = (json: Json | undefined) => textOf(json, depth + 1)
  if (!isJsonObject(told)) return told.map(inner).filter(Boolean).join('; ') || undefined
  const message = firstDefined([...messageFields, ...wrapperFields], (name) => inner(told[name]))
  return message === undefined ? undefined : locationPrefix(told.loc) + message
}

/** FastAPI says where in the request the mistake is: `["body", "messages", 0]`. */
function locationPrefix(loc: Json | undefined): string {
  if (!Array.isArray(loc)) return ''
  return `${loc.filter((step: Json) => typeof step !== 'object').join('.')}: `
}

/** OpenRouter says "Provider returned error" and puts what the provider said into `metadata.raw`. */
function withUpstreamMessage(message: string, metadata: Json | undefined): string {
  const raw = isJsonObject(metadata) ? metadata.raw : undefined
  if (typeof raw !== 'string' || raw === '') return message
  const told = parseJson(raw)
  return `${message}: ${(told !== undefined && errorFrom(told)?.message) || raw}`
}

/** The code names the error more closely than the type does, unless it only repeats the status. */
function errorTypeOf(error: Json): string | undefined {
  if (!isJsonObject(error)) return undefined
  for (const name of [error.code, error.type, error.error_type]) {
    if (typeof name === 'string' && /^[a-z][\w .-]{1,63}$/i.test(name) && name !== 'error') {
      return name.replaceAll(' ', '_')
    }
  }
  const status = Number(error.code ?? error.status)
  return Number.isInteger(status) && status >= 400 && status < 600 ? `http_${status}` : undefined
}

function errorEvent(text: string): Json | undefined {
  const line = /^data:(.+)$/m.exec(text)
  return line?.[1] === undefined ? undefined : parseJson(line[1])
}

function firstDefined<T, Found>(list: readonly T[], find: (one: T) => Found | undefined): Found | undefined {
  for (const one of list) {
    const found = find(one)
    if (found !== undefined) return found
  }
  return undefined
}

// Providers quote the key that they refuse, more or less masked.
const credential =
  /\b(?:[scpr]k|gsk|xai|key|pplx|nvapi)-[\w*.-]{4,}|\b(?:gsk|sk|hf|fw|r8)_[\w*]{12,}|\bAIza[\w-]{12,}|\bBearer\s+\S+/gi

/** So much of a text is made one line; more of it would only be cut off again. */
const lookedAt = 8 * maxCharacters

function oneLine(text: string): string {
  const line = text
    .trimStart()
    .slice(0, lookedAt)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(credential, '[credential]')
  return wellFormed(line.slice(0, maxCharacters + 1)).length > maxCharacters
    ? `${wellFormed(line.slice(0, maxCharacters - 1)).replace(/\uFFFD$/, '')}…`
    : wellFormed(line)
}
