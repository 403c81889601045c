import { isJsonObject, type Json, type JsonObject, parseJson } from '../../../shared/json.ts'
import { maskCredentials } from '../../../shared/mask-credentials.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { CallError } from '../../../shared/record/record.ts'
import { boundedName, wellFormed } from '../capture/text.ts'
import { pageTitle } from './error-page.ts'

const maxCharacters = 500

/** Deeper than any error seen. */
const maxDepth = 5

/**
 * Reads the body of a response with a status of 400 or more: JSON in any provider's shape, an event stream of one
 * error, a gateway's HTML page, or plain text.
 */
export function readErrorBody(text: string, status: number): CallError {
  const fallback = `http_${status}`
  const json = parseJson(text) ?? errorEvent(text)
  const error = json === undefined ? undefined : errorFrom(json, fallback)
  return error ?? { type: fallback, message: oneLine(pageTitle(text) ?? text) || `HTTP status ${status}` }
}

/**
 * Reads an error from JSON, whatever it is wrapped in: `{error: {message, type, code}}`, `{error: "..."}`,
 * `{message}`, `{detail: "..." | [{loc, msg}]}`, `{errors: [...]}`, a list of any of these, or a bare text.
 * Fields that the innermost layer lacks are taken from those around it.
 * @param fallback the type where the JSON has none
 * @returns undefined where it has neither a message nor a type
 */
export function errorFrom(json: Json, fallback = 'error'): CallError | undefined {
  const layers = layersOf(json)
  const type = firstDefined(layers, errorTypeOf)
  const message = messageIn(layers)
  if (type === undefined && message === undefined) return undefined
  const name = type ?? fallback
  return {
    type: name,
    message: oneLine(message ?? '') || name,
    ...omitUndefined({ kind: kindIn(layers, name), param: firstDefined(layers, paramOf) }),
  }
}

/** Fields that wrap an error; `fault` is Apigee's, `base_resp` MiniMax's. */
const wrapperFields = ['error', 'errors', 'fault', 'base_resp'] as const

/** Fields that hold the message, by precedence. */
const messageFields = [
  ...['message', 'msg', 'detail', 'details', 'error_description', 'error_msg', 'status_msg'],
  ...['Message', 'faultstring', 'title'],
] as const

/** False for the values that servers send for no error: `""`, `{}`, `false`, `null`. */
export function isNonEmpty(json: Json | undefined): json is string | JsonObject | readonly Json[] {
  if (typeof json === 'string') return json.trim() !== ''
  return typeof json === 'object' && json !== null && Object.keys(json).length > 0
}

/** @returns the JSON and what it wraps, innermost first */
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
  // `{error: "Unauthorized", message: "API key missing"}`: `error` is the type here.
  if (typeof layers[0] === 'string' && second !== undefined) return `${first}: ${second}`
  return messages.find((message) => message !== undefined)
}

function messageOf(layer: Json): string | undefined {
  if (!isJsonObject(layer)) return textOf(layer)
  const message = firstDefined(messageFields, (name) => textOf(layer[name]))
  return message === undefined ? undefined : withUpstreamMessage(message, layer.metadata)
}

function textOf(value: Json | undefined, depth = 0): string | undefined {
  if (!isNonEmpty(value) || depth > maxDepth) return undefined
  if (typeof value === 'string') return value
  const inner = (json: Json | undefined) => textOf(json, depth + 1)
  if (!isJsonObject(value)) return value.map(inner).filter(Boolean).join('; ') || undefined
  const message = firstDefined([...messageFields, ...wrapperFields], (name) => inner(value[name]))
  return message === undefined ? undefined : locationPrefix(value.loc) + message
}

/** FastAPI gives the location of the mistake in the request: `["body", "messages", 0]`. */
function locationPrefix(loc: Json | undefined): string {
  if (!Array.isArray(loc)) return ''
  return `${loc.filter((step: Json) => typeof step !== 'object').join('.')}: `
}

/** OpenRouter's message is "Provider returned error"; the provider's own error is in `metadata.raw`. */
function withUpstreamMessage(message: string, metadata: Json | undefined): string {
  const raw = isJsonObject(metadata) ? metadata.raw : undefined
  if (typeof raw !== 'string' || raw === '') return message
  const upstreamError = parseJson(raw)
  return `${message}: ${(upstreamError !== undefined && errorFrom(upstreamError)?.message) || raw}`
}

/** The code is more specific than the type, unless it only repeats the status. */
function errorTypeOf(error: Json): string | undefined {
  if (!isJsonObject(error)) return undefined
  for (const name of [error.code, error.type, error.error_type]) {
    if (isName(name) && /^[a-z][\w .-]{1,63}$/i.test(name) && name !== 'error') {
      return name.replaceAll(' ', '_')
    }
  }
  const status = Number(error.code ?? error.status)
  return Number.isInteger(status) && status >= 400 && status < 600 ? `http_${status}` : undefined
}

/** The `type` beside a code, where it is another name. */
function kindIn(layers: readonly Json[], type: string): string | undefined {
  const kind = firstDefined(layers, (layer) =>
    isJsonObject(layer) && isName(layer.type) && layer.type !== 'error' ? layer.type : undefined,
  )
  return kind === undefined || kind.replaceAll(' ', '_') === type ? undefined : boundedName(kind)
}

function paramOf(layer: Json): string | undefined {
  if (!isJsonObject(layer) || !isName(layer.param)) return undefined
  return boundedName(oneLine(layer.param))
}

/** Servers in Python write `None` for nothing. */
const nothing = /^(none|null|nil|undefined)?$/i

const isName = (value: Json | undefined): value is string =>
  typeof value === 'string' && !nothing.test(value.trim())

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

// Providers quote the key that they reject, more or less masked, and the URL that has it in its query.
const credential =
  /(?<=\b(?:api[-_]?key|key|token|secret|password|signature|sig)=)[^\s&"',;)]{4,}|\b(?:[scpr]k|gsk|xai|key|pplx|nvapi)-[\w*.-]{4,}|\b(?:gsk|sk|hf|fw|r8)_[\w*]{12,}|\bAIza[\w-]{12,}|\bBearer\s+\S+/gi

/** Collapsed to one line; anything after it would be truncated anyway. */
const maxRawCharacters = 8 * maxCharacters

function oneLine(text: string): string {
  const line = maskCredentials(
    text.trimStart().slice(0, maxRawCharacters).replace(/\s+/g, ' ').trim(),
  ).replace(credential, '[credential]')
  return wellFormed(line.slice(0, maxCharacters + 1)).length > maxCharacters
    ? `${wellFormed(line.slice(0, maxCharacters - 1)).replace(/\uFFFD$/, '')}…`
    : wellFormed(line)
}
