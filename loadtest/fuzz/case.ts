/** One call, specified completely: what the client sends and how the upstream responds. */
export type FuzzCase = {
  /** Sent with the call, so that the upstream can look up the response. */
  readonly id: string
  readonly seed: number
  readonly index: number
  /** How it was generated, for people. */
  readonly notes: readonly string[]
  readonly request: FuzzRequest
  readonly response: FuzzResponse
}

/** A header field; Latin-1, one character per byte. */
export type Field = readonly [name: string, value: string]

export type FuzzRequest = {
  readonly method: string
  readonly path: string
  readonly fields: readonly Field[]
  readonly body: Buffer
  readonly framing: 'none' | 'length' | 'chunked'
  readonly chunking: Chunking
  /** Whether threadtap may reject it instead of relaying it. */
  readonly mayBeRejected: boolean
  /** Sent instead of the head that the other fields make. */
  readonly damagedHead?: Buffer
  /** The client aborts after that many bytes of its request, or of the response. */
  readonly abortsAt?: { readonly during: 'request' | 'response'; readonly afterBytes: number }
  /** The client pauses after each chunk of the response. */
  readonly slowReader: boolean
}

export type FuzzResponse = {
  readonly status: number
  readonly fields: readonly Field[]
  /** As sent: compressed as `coding` says. */
  readonly body: Buffer
  readonly coding: Coding
  readonly isEventStream: boolean
  /** Whether the body is undamaged, as a provider would send it. */
  readonly intact: boolean
  readonly framing: 'length' | 'chunked' | 'close'
  readonly chunking: Chunking
  /** Whether a 102 precedes it. */
  readonly informational: boolean
  readonly ending: Ending
}

export type Coding = 'identity' | 'gzip' | 'deflate' | 'br'

/** `closed` and `reset` end the connection after `afterBytes` of the body; `malformed` is not HTTP. */
export type Ending =
  | { readonly kind: 'complete' }
  | { readonly kind: 'closed' | 'reset'; readonly afterBytes: number }
  | { readonly kind: 'malformed' }

/** How bytes are split into writes: chunks of 1 to `maxBytes` bytes, chosen by the seed. */
export type Chunking = { readonly seed: number; readonly maxBytes: number }

/** @returns the bytes of the body up to where the upstream ends it */
export function writtenBody({ body, ending }: FuzzResponse): Buffer {
  return 'afterBytes' in ending ? body.subarray(0, ending.afterBytes) : body
}

/** Whether no body follows the head, whatever its content-length (RFC 9112 §6.3). */
export function isBodiless({ request, response }: Pick<FuzzCase, 'request' | 'response'>): boolean {
  return request.method === 'HEAD' || response.status === 204 || response.status === 304
}

/** @returns the bytes of the body that are sent */
export function sentBody(fuzzCase: Pick<FuzzCase, 'request' | 'response'>): Buffer {
  return isBodiless(fuzzCase) ? Buffer.alloc(0) : writtenBody(fuzzCase.response)
}
