import type { IncomingMessage } from 'node:http'
import type { Json } from '../../shared/json.ts'
import { parseJson } from '../../shared/json.ts'
import type { Operation } from '../../shared/record/record.ts'
import { decodeBody } from '../content-codings/decode-body.ts'

/** The request body: held, because we read it, or left in its stream. A held body is forwarded as the same bytes. */
export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'held'; readonly bytes: Buffer; readonly encoded: boolean; readonly json?: Json }
  | { readonly kind: 'streamed' }

/** Bytes left for all held bodies together, so that many large uploads at once cannot exhaust memory. */
export type BodyBudget = { free: number }

/** A body over this limit is streamed unread: its record has the size only, and no usage is injected. */
export const maxHeldBytes = 32 * 1024 * 1024

/** Limit of a held compressed body when decoded: decoding is synchronous, and blocks every other call meanwhile. */
const maxInflatedBytes = 8_388_608

/** The client closed its connection within its request body. */
export class ClientClosedRequestError extends Error {
  override name = 'ClientClosedRequestError'
  constructor() {
    super('the client closed the connection within its request body')
  }
}

/**
 * Reads the body of a call whose content we record, unless it is a form or too large: then, and for every other
 * call, it stays in the stream. A compressed body is parsed from a decoded copy, if that is not too large.
 * @param budget charged with a held body until releaseBody
 * @throws ClientClosedRequestError when the client closes within its body
 */
export async function readBody(
  incoming: IncomingMessage,
  operation: Operation,
  budget: BodyBudget,
): Promise<RequestBody> {
  const { headers } = incoming
  const declared = headers['content-length']
  if (headers['transfer-encoding'] === undefined && (declared === undefined || declared === '0')) {
    return { kind: 'none' }
  }
  if (operation === 'relay' || !mayBeJson(incoming)) return { kind: 'streamed' }
  if (Number(declared ?? 0) > Math.min(maxHeldBytes, budget.free)) return { kind: 'streamed' }
  const bytes = await collect(incoming, budget)
  if (bytes === undefined) return { kind: 'streamed' }
  const encoding = encodingOf(incoming)
  const text = decodeBody(bytes, encoding, maxInflatedBytes)?.toString('utf8')
  const json = text === undefined ? undefined : parseJson(text)
  return { kind: 'held', bytes, encoded: encoding !== '', ...(json === undefined ? {} : { json }) }
}

/** Returns to the budget what readBody charged. */
export function releaseBody(body: RequestBody, budget: BodyBudget): void {
  if (body.kind === 'held') budget.free += body.bytes.length
}

/** Many clients send no content type, or a wrong one; a form with files is never JSON. */
const mayBeJson = ({ headers }: IncomingMessage): boolean =>
  !/^(multipart|audio|image|video)\//i.test(headers['content-type'] ?? '')

/** @returns the content coding in lower case; empty where there is none */
function encodingOf({ headers }: IncomingMessage): string {
  const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase()
  return encoding === 'identity' ? '' : encoding
}

/**
 * @param budget charged as the body comes in, because many may come at once
 * @returns the whole body, or undefined when it is too large: then the stream has all of it again
 */
function collect(incoming: IncomingMessage, budget: BodyBudget): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk)
      bytes += chunk.length
      budget.free -= chunk.length
      if (bytes <= maxHeldBytes && budget.free >= 0) return
      removeListeners()
      budget.free += bytes
      incoming.pause()
      incoming.unshift(Buffer.concat(chunks))
      resolve(undefined)
    }
    const onEnd = (): void => {
      removeListeners()
      resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
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
