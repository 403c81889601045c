import type { IncomingMessage } from 'node:http'
import type { Operation } from '../../shared/record/record.ts'
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
}

/** Bytes left for all held bodies together, so that many large uploads at once cannot exhaust memory. */
export type BodyBudget = { free: number }

/** Sees the body while it comes in. */
export type BodyTap = { requestData(chunk: Buffer): void; requestNotHeld(): void }

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
      const json = scanner?.end()
      resolve({ kind: 'held', chunks, bytes, ...(json && { json }) })
    }
    const onClose = (): void => {
      removeListeners()
      budget.free += bytes
      reject(new ClientClosedRequestError())
    }
    const removeListeners = (): void => {
      incoming.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
    }
    incoming.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  })
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
