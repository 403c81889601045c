import { isJsonObject, type Json, type JsonObject, parseJson } from '../../shared/json.ts'
import type { CallError } from '../../shared/record/record.ts'
import { wellFormed } from './capture/text.ts'

const maxCharacters = 500

/**
 * Reads what an upstream answered with a status of 400 or more: JSON in any provider's shape, an event
 * stream of one error, a gateway's HTML page, or plain text.
 */
export function readErrorBody(text: string, status: number): CallError {
  const fallback = `http_${status}`
  const json = parseJson(text) ?? errorEvent(text)
  const error = json === undefined ? undefined : errorFrom(json, fallback)
  return error ?? { type: fallback, message: oneLine(htmlTitle(text) ?? text) || `HTTP status ${status}` }
}

/**
 * Reads an error out of JSON. Shapes: `{error: {message, type, code}}`, `{error: "..."}`, `{message}`,
 * `{detail: "..." | [{loc, msg}]}`, `{errors: [...]}`, a list of any of these, or a bare text.
 * @param fallback the type where the JSON names none
 * @returns undefined where it holds no message and no name of an error
 */
export function errorFrom(json: Json, fallback = 'error'): CallError | undefined {
  const error = innermost(json)
  if (typeof error === 'string') return { type: fallback, message: oneLine(error) || fallback }
  if (!isJsonObject(error)) return undefined
  const type = typeOf(error) ?? (isJsonObject(json) ? typeOf(json) : undefined)
  const message = messageOf(error)
  if (type === undefined && message === undefined) return undefined
  return { type: type ?? fallback, message: oneLine(message ?? '') || (type ?? fallback) }
}

/** Unwraps `error`, `errors` and lists, a few levels deep. */
function innermost(json: Json, depth = 0): Json {
  if (depth > 4) return json
  const first = Array.isArray(json) ? json[0] : isJsonObject(json) ? (json.error ?? json.errors) : undefined
  return first === undefined || first === null || isEmptyList(first) ? json : innermost(first, depth + 1)
}

const isEmptyList = (json: Json): boolean => Array.isArray(json) && json.length === 0

function messageOf(error: JsonObject): string | undefined {
  for (const told of [error.message, error.msg, error.detail, error.title]) {
    const message = textOf(told)
    if (message !== undefined) return withUpstreamWords(message, error.metadata)
  }
  return undefined
}

function textOf(told: Json | undefined): string | undefined {
  if (typeof told === 'string') return told
  if (Array.isArray(told)) return told.map(textOf).filter(Boolean).join('; ') || undefined
  if (!isJsonObject(told)) return undefined
  const message = textOf(told.msg ?? told.message)
  const where = Array.isArray(told.loc) ? `${told.loc.join('.')}: ` : ''
  return message === undefined ? undefined : where + message
}

/** OpenRouter says "Provider returned error" and puts what the provider said into `metadata.raw`. */
function withUpstreamWords(message: string, metadata: Json | undefined): string {
  const raw = isJsonObject(metadata) ? metadata.raw : undefined
  return typeof raw === 'string' ? `${message}: ${raw}` : message
}

/** The code names the error more closely than the type does, unless it only repeats the status. */
function typeOf(error: JsonObject): string | undefined {
  for (const name of [error.code, error.type]) {
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

function htmlTitle(text: string): string | undefined {
  if (!/^\s*<(!doctype|html|head)/i.test(text)) return undefined
  const title = /<(title|h1)[^>]*>([^<]+)</i.exec(text)?.[2]
  return title ?? text.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ')
}

// Providers quote the key that they refuse, more or less masked.
const credential = /\b(?:sk|pk|rk|gsk|xai|key)-[\w*.-]{4,}|\bBearer\s+\S+/gi

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(credential, '[credential]')
  return wellFormed(line.slice(0, maxCharacters + 1)).length > maxCharacters
    ? `${wellFormed(line.slice(0, maxCharacters - 1)).replace(/\uFFFD$/, '')}…`
    : wellFormed(line)
}
