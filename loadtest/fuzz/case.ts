/** One call, told completely: what the client does and what the upstream answers. */
export type FuzzCase = {
  /** Travels with the call, so that the upstream knows which answer is meant. */
  readonly id: string
  readonly seed: number
  readonly index: number
  /** What was done to it, for people. */
  readonly notes: readonly string[]
  readonly request: FuzzRequest
  readonly answer: FuzzAnswer
}

/** A header field; Latin-1, one character per byte. */
export type Field = readonly [name: string, value: string]

export type FuzzRequest = {
  readonly method: string
  readonly path: string
  readonly fields: readonly Field[]
  readonly body: Buffer
  readonly framing: 'none' | 'length' | 'chunked'
  readonly cut: Cut
  /** True where threadtap may refuse it instead of sending it on. */
  readonly odd: boolean
  /** Changes its head after everything else, byte by byte. */
  readonly damagedHead?: Buffer
  /** The client hangs up after that many bytes of its request, or of the answer. */
  readonly leaves?: { readonly within: 'request' | 'answer'; readonly afterBytes: number }
  /** The client takes its time over each part of the answer. */
  readonly slow: boolean
}

export type FuzzAnswer = {
  readonly status: number
  readonly fields: readonly Field[]
  /** As it travels: compressed where `coding` says so. */
  readonly body: Buffer
  readonly coding: Coding
  readonly isEventStream: boolean
  /** True where the body is as a provider would send it. */
  readonly intact: boolean
  readonly framing: 'length' | 'chunked' | 'close'
  readonly cut: Cut
  /** A 102 goes before it. */
  readonly interim: boolean
  readonly ending: Ending
}

export type Coding = 'identity' | 'gzip' | 'deflate' | 'br'

/** `closed` and `reset` end the connection after that many bytes of the body; `nonsense` is no HTTP at all. */
export type Ending =
  | { readonly how: 'whole' }
  | { readonly how: 'closed' | 'reset'; readonly afterBytes: number }
  | { readonly how: 'nonsense' }

/** How bytes are cut into writes: parts of 1 to `most` bytes, as the seed has it. */
export type Cut = { readonly seed: number; readonly most: number }

/** @returns the bytes of the body up to where the upstream ends it */
export function writtenBody({ body, ending }: FuzzAnswer): Buffer {
  return 'afterBytes' in ending ? body.subarray(0, ending.afterBytes) : body
}

/** True where no body follows the head, whatever it announces (RFC 9112 §6.3). */
export function isBodiless({ request, answer }: Pick<FuzzCase, 'request' | 'answer'>): boolean {
  return request.method === 'HEAD' || answer.status === 204 || answer.status === 304
}

/** @returns the bytes of the body that go over the wire */
export function sentBody(one: Pick<FuzzCase, 'request' | 'answer'>): Buffer {
  return isBodiless(one) ? Buffer.alloc(0) : writtenBody(one.answer)
}
