import type { IncomingMessage } from 'node:http'
import type { Dispatcher } from 'undici'
import { isStripped } from '../attribution/names/known-headers.ts'
import { sendsCredentials } from '../ingress/access/credentials.ts'
import type { Upstream } from '../ingress/target.ts'

// A proxy must not forward connection-specific fields (RFC 9110 §7.6.1), and undici rejects several of them.
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

// `host` and `content-length` are set anew and `expect` is handled by each side. Request trailers are dropped
// (allowed by RFC 9110 §6.5.1), so none are announced.
const requestFields: ReadonlySet<string> = new Set([
  ...connectionFields,
  'host',
  'content-length',
  'expect',
  'trailer',
])

/** How the rewritten request differs from the original one. */
export type RequestChange = {
  /** Byte length of the body, where it is known. */
  readonly bodyBytes?: number | undefined
  /** Set where we must be able to decode the response: leaves out codings that we cannot. */
  readonly acceptEncoding?: string | undefined
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
    if (requestFields.has(key) || named.has(key) || isStripped(key, upstream.provider, upstream.isModelApi))
      return
    if (key === 'authorization' && upstream.authorization !== undefined) return
    if (key === 'accept-encoding' && change.acceptEncoding !== undefined) return
    headers.push(name, value)
  })
  if (change.acceptEncoding !== undefined) headers.push('accept-encoding', change.acceptEncoding)
  if (change.bodyBytes !== undefined) headers.push('content-length', String(change.bodyBytes))
  if (upstream.authorization !== undefined) headers.push('authorization', upstream.authorization)
  else if (upstream.apiKey !== undefined && !sendsCredentials(incoming.headers)) {
    headers.push(...keyField(upstream.provider, upstream.apiKey))
  }
  return headers
}

/** Anthropic's API takes a key in a field of its own; `authorization` there is for OAuth tokens. */
const keyField = (provider: string, apiKey: string): readonly [string, string] =>
  provider === 'anthropic' ? ['x-api-key', apiKey] : ['authorization', `Bearer ${apiKey}`]

/** The head of the upstream's response. */
export type ResponseHead = {
  /** name, value, ... as they came, without cookies: what is recorded may stand on disk */
  readonly recorded: readonly string[]
  /** name, value, ... in the upstream's order and spelling, without connection-specific ones */
  readonly fields: string[]
  /** lower-case names; the last of repeated fields, but all of `connection` */
  readonly byName: Readonly<Record<string, string>>
}

/**
 * @param raw undici's `rawHeaders` or `rawTrailers`: over HTTP/1.1, the only version we speak, Latin-1 bytes as the
 * upstream sent them. The parsed headers that undici passes beside them have lost order, spelling and repeats.
 * @returns name, value, name, value, ...
 */
export function rawFields(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) throw new TypeError('undici passed no raw header fields')
  return raw.map((part) => part.toString('latin1'))
}

/** @param raw undici's `rawHeaders`; see rawFields */
export function responseHead(raw: Dispatcher.DispatchController['rawHeaders']): ResponseHead {
  const received = rawFields(raw)
  const byName: Record<string, string> = Object.create(null)
  const fields: string[] = []
  for (let at = 0; at + 1 < received.length; at += 2) {
    const [name, value] = [received[at] as string, received[at + 1] as string]
    const key = name.toLowerCase()
    byName[key] = key === 'connection' && key in byName ? `${byName[key]}, ${value}` : value
    if (!connectionFields.has(key)) fields.push(name, value)
  }
  // Nearly no response names any: its fields are walked once.
  const named = namedByConnection(byName.connection)
  const recorded = 'set-cookie' in byName ? withoutFields(received, 'set-cookie') : received
  return { recorded, fields: named.size === 0 ? fields : withoutFields(fields, ...named), byName }
}

/**
 * False where the body would still be in a transfer coding: undici decodes `chunked` only, and a client that gets no
 * Transfer-Encoding field cannot know of another (RFC 9112 §6.1).
 */
export function isTransferDecoded({ byName }: ResponseHead): boolean {
  const coding = byName['transfer-encoding']
  return coding === undefined || /^(chunked|identity)$/i.test(coding)
}

/**
 * The reason phrase of a status line, for a head that is written as Latin-1.
 * @param text as undici passes it: decoded as UTF-8, so that bytes that are not UTF-8 are lost
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

/** @returns the fields as [name, value] pairs */
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

/** Fields that `Connection` names are connection-specific too (RFC 9110 §7.6.1). */
function namedByConnection(connection: string | undefined): ReadonlySet<string> {
  if (connection === undefined || connection.toLowerCase() === 'keep-alive') return none
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()))
}
