import type { Operation, RequestFacts } from '../../shared/record/record.ts'
import type { RelayEnd } from './relay-end.ts'

/**
 * What the relay writes on the tape of each call, in this order: `credentials`, `begin` (or `beginWithoutContent`), the
 * request's bytes, `responseHead`, the response's bytes, `end`. Bytes that found no room are counted in `end`.
 */
export const kinds = {
  /** What the client sent to say who pays, where it did: apart, because nothing of it may stand on disk. */
  credentials: 10,
  begin: 1,
  requestData: 2,
  /** The body turned out too large to be held: what came of it so far is not to be kept. */
  requestNotHeld: 3,
  /** All of a held body is there. */
  requestEnd: 8,
  responseHead: 4,
  responseData: 5,
  end: 6,
  /** The client left within its request: there was no call. */
  discard: 7,
  /** As `begin`, of a call whose content is not to be kept. */
  beginWithoutContent: 9,
} as const

/** Whether a frame is the beginning of a call. */
export const isBegin = (kind: number): boolean => kind === kinds.begin || kind === kinds.beginWithoutContent

/** How the request's body goes to the upstream; `held` means that it is read whole first, and may be JSON. */
export type BodyKind = 'none' | 'held' | 'streamed'

/** What is known of a call when its head has come. Texts are as Node gives header fields: Latin-1. */
export type CallBegin = {
  /** 32 hex: the record's id. */
  readonly id: string
  /** For a call that names no trace. */
  readonly freshTraceId: string
  /** Wall clock, ms since 1970. */
  readonly startedAt: number
  readonly method: string
  readonly upstream: string
  readonly operation: Operation
  /** From `/v1` on, without query. */
  readonly route: string
  /** As it stands in the path, percent-encoded; empty where there is none. */
  readonly pathThread: string
  readonly body: BodyKind
  /** name, value, ...: those that recording reads, in lower case; a repeated name stands repeatedly; no credentials */
  readonly headers: readonly string[]
}

/** No field of a head can hold one (RFC 9110 §5.5). */
const separator = '\n'

export function writeBegin(call: CallBegin): string {
  const { id, freshTraceId, startedAt, method, upstream, operation, route, pathThread, body, headers } = call
  const fixed = `${id}\n${freshTraceId}\n${startedAt}\n${method}\n${upstream}\n${operation}\n${route}\n${pathThread}\n${body}`
  return headers.length === 0 ? fixed : `${fixed}\n${headers.join(separator)}`
}

export function readBegin(payload: Buffer): CallBegin {
  const [id, freshTraceId, startedAt, method, upstream, operation, route, pathThread, body, ...headers] =
    payload.toString('latin1').split(separator) as [
      string,
      string,
      string,
      string,
      string,
      Operation,
      string,
      string,
      BodyKind,
    ]
  return {
    id,
    freshTraceId,
    startedAt: Number(startedAt),
    method,
    upstream,
    operation,
    route,
    pathThread,
    body,
    headers,
  }
}

const idLength = 32

/** @returns the id alone, which comes first */
export const readCallId = (begin: Buffer): string => begin.toString('latin1', 0, idLength)

/** @param fields name, value, ... as the upstream sent them */
export function writeResponseHead(status: number, fields: readonly string[]): string {
  return fields.length === 0 ? String(status) : `${status}\n${fields.join(separator)}`
}

export type TapedResponseHead = { readonly status: number; readonly fields: readonly string[] }

export function readResponseHead(payload: Buffer): TapedResponseHead {
  const [status, ...fields] = payload.toString('latin1').split(separator)
  return { status: Number(status), fields }
}

/** What is known of a call when it is over. */
export type CallEnd = {
  readonly end: RelayEnd
  /** What the client sent of its own body. */
  readonly requestBytes: number
  /** Bytes of request and response that found no room on the tape. */
  readonly requestShed: number
  readonly responseShed: number
  readonly usageOption: UsageOption
}

/** As in the record; `none`: not a stream whose client leaves it to the relay. */
export type UsageOption = 'none' | NonNullable<RequestFacts['usageOption']>

/** Nearly every call: nothing to serialise. */
const plainEnd = /^r(\d+)([ijlt]?)$/

const letters: Readonly<Record<UsageOption, string>> = {
  none: '',
  injected: 'i',
  rejected: 'j',
  left_out: 'l',
  tried: 't',
}
const optionsByLetter = new Map(
  Object.entries(letters).map(([option, letter]) => [letter, option as UsageOption]),
)

export function writeEnd({ end, requestBytes, requestShed, responseShed, usageOption }: CallEnd): string {
  if (end.kind === 'relayed' && requestShed === 0 && responseShed === 0)
    return `r${requestBytes}${letters[usageOption]}`
  return ascii(JSON.stringify({ end, requestBytes, requestShed, responseShed, usageOption }))
}

/** JSON whose characters all fit into one byte. */
const ascii = (json: string): string =>
  json.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

export function readEnd(payload: Buffer): CallEnd {
  const text = payload.toString('latin1')
  const plain = plainEnd.exec(text)
  if (plain === null) return JSON.parse(text) as CallEnd
  return {
    end: { kind: 'relayed' },
    requestBytes: Number(plain[1]),
    requestShed: 0,
    responseShed: 0,
    usageOption: optionsByLetter.get(plain[2] ?? '') ?? 'none',
  }
}
