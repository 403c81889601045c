import type { IncomingMessage } from 'node:http'
import type { Json } from '../../shared/json.ts'
import { parseJson } from '../../shared/json.ts'
import type { Operation } from '../../shared/record/record.ts'
import { decodeBody } from '../content-codings/decode-body.ts'

/**
 * The request body on its way: read whole because we want to know it, or left in its stream. A held body is
 * forwarded as the same bytes.
 */
export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'held'; readonly bytes: Buffer; readonly encoded: boolean; readonly json?: Json }
  | { readonly kind: 'streamed' }

/** Bytes that all held bodies together may take, so that many large uploads at once cannot exhaust memory. */
export type BodyBudget = { free: number }

/** A body over this is streamed unread: its record tells the size, and no usage is asked for. */
export const heldBytesMax = 32 * 1024 * 1024

/** Limit of what a held compressed body may grow to: it is decoded at once, in which no other call's bytes move. */
const maxInflatedBytes = 8_388_608

/**
 * Reads the body of a call whose content we record, unless it is a form or too large: then, and for every other
 * call, it stays in the stream. A compressed body is read in a decoded copy, if that is not too large.
 * @param budget lent for as long as the call's answer has not begun; see releaseBody
 * @throws Error when the client breaks off within its body
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
  if (Number(declared ?? 0) > Math.min(heldBytesMax, budget.free)) return { kind: 'streamed' }
  const bytes = await collect(incoming, budget)
  if (bytes === undefined) return { kind: 'streamed' }
  const encoding = encodingOf(incoming)
  const text = decodeBody(bytes, encoding, maxInflatedBytes)?.toString('utf8')
  const json = text === undefined ? undefined : parseJson(text)
  return { kind: 'held', bytes, encoded: encoding !== '', ...(json === undefined ? {} : { json }) }
}

/** Gives back what readBody took of the budget. */
export function releaseBody(body: RequestBody, budget: BodyBudget): void {
  if (body.kind === 'held') budget.free += body.bytes.length
}

/** Clients that forget to say what they send are common; a form with files in it is never JSON. */
const mayBeJson = ({ headers }: IncomingMessage): boolean =>
  !/^(multipart|audio|image|video)\//i.test(headers['content-type'] ?? '')

/** @returns the coding in lower case; empty where there is none */
function encodingOf({ headers }: IncomingMessage): string {
  const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase()
  return encoding === 'identity' ? '' : encoding
}

/**
 * @param budget charged as the body comes in, because many may be coming at once
 * @returns the whole body, or undefined when it is too large: then the stream still has all of it
 */
function collect(incoming: IncomingMessage, budget: BodyBudget): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk)
      bytes += chunk.length
      budget.free -= chunk.length
      if (bytes <= heldBytesMax && budget.free >= 0) return
      leave()
      budget.free += bytes
      incoming.pause()
      incoming.unshift(Buffer.concat(chunks))
      resolve(undefined)
    }
    const onEnd = (): void => {
      leave()
      resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
    }
    const onClose = (): void => {
      leave()
      budget.free += bytes
      reject(new Error('the client closed the connection within its request body'))
    }
    const leave = (): void => {
      incoming.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
    }
    incoming.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  })
}
