import type { IncomingMessage } from 'node:http'
import { isStripped } from '../attribution/names/known-headers.ts'
import type { Upstream } from '../ingress/target.ts'

// A proxy must not forward fields that speak of one connection (RFC 9110 §7.6.1). undici refuses several of
// them; `host`, `content-length` and `expect` are made or answered anew on each side.
const connectionFields: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
  'proxy-authenticate',
  'proxy-authorization',
])

// Trailers of a request are not sent on (RFC 9110 §6.5.1 lets them go), so none are announced.
const requestFields: ReadonlySet<string> = new Set([
  ...connectionFields,
  'host',
  'content-length',
  'expect',
  'trailer',
])

const credentials = ['authorization', 'api-key', 'x-api-key', 'x-goog-api-key'] as const

/** How a request for the upstream differs from what the client sent. */
export type RequestChange = {
  /** Byte length of the body where it is known. */
  readonly bodyBytes?: number
  /** Set where we must be able to read the answer: codings that we cannot undo are not offered. */
  readonly acceptEncoding?: string
}

/** @returns name, value, name, value, ... in the client's order and spelling */
export function requestHeaders(
  incoming: IncomingMessage,
  upstream: Upstream,
  change: RequestChange,
): string[] {
  const named = namedByConnection(incoming.headers.connection)
  const headers: string[] = []
  eachField(incoming.rawHeaders, (name, value) => {
    const key = name.toLowerCase()
    if (requestFields.has(key) || named.has(key) || isStripped(key, upstream.provider)) return
    if (key === 'accept-encoding' && change.acceptEncoding !== undefined) return
    headers.push(name, value)
  })
  if (change.acceptEncoding !== undefined) headers.push('accept-encoding', change.acceptEncoding)
  if (change.bodyBytes !== undefined) headers.push('content-length', String(change.bodyBytes))
  if (upstream.apiKey !== undefined && credentials.every((name) => incoming.headers[name] === undefined)) {
    headers.push('authorization', `Bearer ${upstream.apiKey}`)
  }
  return headers
}

/** The upstream's answer as it came, read once. */
export type ResponseHead = {
  /** name, value, ... in the upstream's order and spelling, without what speaks of its connection */
  readonly fields: string[]
  /** lower-case names; of repeated fields the last, but all of `connection` */
  readonly byName: Readonly<Record<string, string>>
}

/** @param raw name, value, ... as undici hands them over: Latin-1 bytes */
export function responseHead(raw: readonly Buffer[]): ResponseHead {
  const all = raw.map((part) => part.toString('latin1'))
  const byName: Record<string, string> = Object.create(null)
  eachField(all, (name, value) => {
    const key = name.toLowerCase()
    byName[key] = key === 'connection' && key in byName ? `${byName[key]}, ${value}` : value
  })
  const named = namedByConnection(byName.connection)
  const fields: string[] = []
  eachField(all, (name, value) => {
    const key = name.toLowerCase()
    if (!connectionFields.has(key) && !named.has(key)) fields.push(name, value)
  })
  return { fields, byName }
}

/** undici undoes `chunked` and nothing else; what is left of another coding no client would know (RFC 9112 §6.1). */
export function isTransferUndone({ byName }: ResponseHead): boolean {
  const coding = byName['transfer-encoding']
  return coding === undefined || /^(chunked|identity)$/i.test(coding)
}

/**
 * What a status line says in words, for a head that is written as Latin-1.
 * @param text as undici hands it over: read as UTF-8, so that other bytes are lost
 */
export function reasonPhrase(text: string): string {
  if (/^[\t\x20-\x7e]*$/.test(text)) return text
  return Buffer.from(text)
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')
}

/** @returns the fields without the named ones */
export function withoutFields(fields: readonly string[], ...names: readonly string[]): string[] {
  const kept: string[] = []
  eachField(fields, (name, value) => {
    if (!names.includes(name.toLowerCase())) kept.push(name, value)
  })
  return kept
}

/** @returns the same fields as [name, value] each */
export function pairs(fields: readonly string[]): [string, string][] {
  const entries: [string, string][] = []
  for (let at = 0; at + 1 < fields.length; at += 2)
    entries.push([fields[at] as string, fields[at + 1] as string])
  return entries
}

function eachField(fields: readonly string[], visit: (name: string, value: string) => void): void {
  for (let at = 0; at + 1 < fields.length; at += 2) visit(fields[at] as string, fields[at + 1] as string)
}

const none: ReadonlySet<string> = new Set()

/** Fields that `Connection` names belong to that connection too. */
function namedByConnection(connection: string | undefined): ReadonlySet<string> {
  if (connection === undefined || connection.toLowerCase() === 'keep-alive') return none
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()))
}
