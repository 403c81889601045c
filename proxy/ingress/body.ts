import type { IncomingMessage } from 'node:http'
import type { Operation } from '../../shared/record/record.ts'
import { decodeBody } from '../content-codings/decode-body.ts'
import { JsonScanner, type ScannedObject } from './json-scanner.ts'

/** The request body: held until it is complete, because the relay must know some of it, or left in its stream. */
export type RequestBody = { readonly kind: 'none' } | HeldBody | { readonly kind: 'streamed' }

/** A held body is forwarded as the same bytes. */
export type HeldBody = {
  readonly kind: 'held'
  readonly chunks: readonly Buffer[]
  readonly bytes: number
  /** What the relay needs to know of it; undefined where it is compressed, or no JSON object. */
  readonly json?: ScannedObject
  /** The same of a compressed body, if it is small: it can be looked into, and is never rewritten. */
  readonly decoded?: HeldJson
}

/** JSON text in chunks, and where in it the wanted values stand. */
export type HeldJson = { readonly chunks: readonly Buffer[]; readonly json: ScannedObject }

/** Bytes left for all held bodies together, so that many large uploads at once cannot exhaust memory. */
export type BodyBudget = { free: number }

/** Sees the body while it comes in. */
export type BodyTap = { requestData(chunk: Buffer): void; requestEnd(): void; requestNotHeld(): void }

/** A body over this limit is streamed: its record has the size only, and no usage is injected. */
export const maxHeldBytes = 32 * 1024 * 1024

/** The client closed its connection within its request body. */
export class ClientClosedRequestError extends Error {
  override name = 'ClientClosedRequestError'
  constructor() {
    super('the client closed the connection within its request body')
  }
}

/** @returns whether the body of this request is held; `held` may turn out to be too large, see readBody */
export function bodyKindOf(
  incoming: IncomingMessage,
  operation: Operation,
  budget: Readonly<BodyBudget>,
): RequestBody['kind'] {
  const { headers } = incoming
  const declared = headers['content-length']
  if (headers['transfer-encoding'] === undefined && (declared === undefined || declared === '0'))
    return 'none'
  if (operation === 'relay' || !mayBeJson(incoming)) return 'streamed'
  return Number(declared ?? 0) > Math.min(maxHeldBytes, budget.free) ? 'streamed' : 'held'
}

/** The keys of a request that the relay looks at. */
export type WantedKeys = ReadonlySet<string>

/**
 * Holds a body until it is complete, scanning it for the wanted keys meanwhile.
 * @param budget charged with the body as it comes in, because many may come at once, until releaseBody
 * @returns `streamed` where it turned out too large: then the stream has all of it again
 * @throws ClientClosedRequestError when the client closes within its body
 */
export function readBody(
  incoming: IncomingMessage,
  wanted: WantedKeys,
  budget: BodyBudget,
  tap: BodyTap,
): Promise<RequestBody> {
  return new Promise((resolve, reject) => {
    const scanner = isCompressed(incoming) ? undefined : new JsonScanner(wanted)
    const chunks: Buffer[] = []
    let bytes = 0
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk)
      bytes += chunk.length
      budget.free -= chunk.length
      if (bytes > maxHeldBytes || budget.free < 0) {
        streamInstead()
        return
      }
      scanner?.push(chunk)
      tap.requestData(chunk)
    }
    const streamInstead = (): void => {
      removeListeners()
      budget.free += bytes
      tap.requestNotHeld()
      incoming.pause()
      incoming.unshift(Buffer.concat(chunks))
      resolve({ kind: 'streamed' })
    }
    const onEnd = (): void => {
      removeListeners()
      tap.requestEnd()
      const json = scanner?.end()
      const decoded = scanner === undefined ? decodeSmall(incoming, chunks, bytes, wanted) : undefined
      resolve({ kind: 'held', chunks, bytes, ...(json && { json }), ...(decoded && { decoded }) })
    }
    const fail = (cause: unknown): void => {
      removeListeners()
      budget.free += bytes
      reject(cause)
    }
    const onClose = (): void => fail(new ClientClosedRequestError())
    // What a listener throws would end the process; a defect costs this call alone.
    const [data, end] = [guarded(onData, fail), guarded(onEnd, fail)]
    const removeListeners = (): void => {
      incoming.off('data', data).off('end', end).off('close', onClose).off('error', onClose)
    }
    incoming.on('data', data).on('end', end).on('close', onClose).on('error', onClose)
  })
}

function guarded<A extends unknown[]>(listener: (...args: A) => void, onFailure: (cause: unknown) => void) {
  return (...args: A): void => {
    try {
      listener(...args)
    } catch (cause) {
      onFailure(cause)
    }
  }
}

/** Decoding blocks every other call: only bodies that are decoded in a moment are looked into. */
const maxCompressedBytes = 65_536
const maxDecodedBytes = 262_144

/** @returns a compressed body's text, where it is small enough to be looked into and is a JSON object */
function decodeSmall(
  { headers }: IncomingMessage,
  chunks: readonly Buffer[],
  bytes: number,
  wanted: WantedKeys,
): HeldJson | undefined {
  if (bytes > maxCompressedBytes) return undefined
  const coding = (headers['content-encoding'] ?? '').trim().toLowerCase()
  const text = decodeBody(Buffer.concat(chunks), coding, maxDecodedBytes)
  if (text === undefined) return undefined
  const scanner = new JsonScanner(wanted)
  scanner.push(text)
  const json = scanner.end()
  return json && { chunks: [text], json }
}

/** Returns to the budget what readBody charged. */
export function releaseBody(body: RequestBody, budget: BodyBudget): void {
  if (body.kind === 'held') budget.free += body.bytes
}

/** Many clients send no content type, or a wrong one; a form with files is never JSON. */
const mayBeJson = ({ headers }: IncomingMessage): boolean =>
  !/^(multipart|audio|image|video)\//i.test(headers['content-type'] ?? '')

function isCompressed({ headers }: IncomingMessage): boolean {
  const encoding = headers['content-encoding']
  return encoding !== undefined && !/^\s*(identity)?\s*$/i.test(encoding)
}
