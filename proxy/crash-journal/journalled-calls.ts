import { CredentialsInFront } from '../tape/credentials-in-front.ts'
import { isBegin, kinds, readCallId } from '../tape/messages.ts'
import type { FrameBuffer } from './frame-buffer.ts'
import { type BodyBytes, bodyOf, leftOutKinds } from './left-out.ts'

export type JournalledCallsOptions = {
  readonly buffer: FrameBuffer
  readonly writeBegin: (payload: Buffer, credentials: string) => string
  /** The same for the head of a response; absent where it may stand on disk as it is. */
  readonly writeHead?: (payload: Buffer) => string
  /** Of each body; 0 where no body may stand on disk. A larger one is left out from there on. */
  readonly bodyMaxBytes: number
  /** Of what waits to be written; beyond it bodies are left out. */
  readonly waitingMaxBytes: number
}

type JournalledCall = {
  readonly id: string
  /** The file that its first frame stands in, or one before it. */
  readonly firstFile: number
  /** Of each body: none where content is not to be kept. */
  readonly bodyMaxBytes: number
  readonly kept: BodyBytes
  /** Bodies of which something is missing. */
  readonly incomplete: Record<keyof BodyBytes, boolean>
}

/** Decides what of the tape goes into the journal, and knows which calls still need it. */
export class JournalledCalls {
  readonly #options: JournalledCallsOptions
  readonly #calls = new Map<number, JournalledCall>()
  readonly #numbers = new Map<string, number>()
  readonly #credentials = new CredentialsInFront()
  /** The file that is being written. */
  file = 1

  constructor(options: JournalledCallsOptions) {
    this.#options = options
  }

  /** Number of calls without a safe record. */
  get size(): number {
    return this.#calls.size
  }

  /** Takes a frame of the tape. Calls that it has not seen begin are passed over. */
  visit(kind: number, number: number, at: number, payload: Buffer): void {
    if (kind === kinds.credentials) this.#credentials.note(number, payload)
    else if (isBegin(kind)) this.#begin(kind, number, at, payload)
    const call = this.#calls.get(number)
    if (call === undefined || isBegin(kind)) return
    const { buffer, writeHead } = this.#options
    const body = bodyOf(kind)
    if (body !== undefined && !this.#keeps(call, body, number, at, payload.length)) return
    if (kind === kinds.responseHead && writeHead !== undefined)
      buffer.addLatin1(kind, number, at, writeHead(payload))
    else buffer.add(kind, number, at, payload)
  }

  /** The same for a frame that is not kept: a call that begins with it may need those that follow. */
  passOver(kind: number, number: number, payload: Buffer): void {
    if (kind === kinds.credentials) this.#credentials.note(number, payload)
    else if (isBegin(kind)) this.#open(kind, number, readCallId(payload))
  }

  /** A call whose record is safe, or that has none. */
  settle(id: string): void {
    const number = this.#numbers.get(id)
    this.#numbers.delete(id)
    if (number !== undefined) this.#calls.delete(number)
  }

  /** @returns the first file that any of them may stand in, or undefined where there are none */
  firstFile(): number | undefined {
    // Calls stand in the order in which they began.
    for (const { firstFile } of this.#calls.values()) return firstFile
    return undefined
  }

  needs(number: number): boolean {
    return this.#calls.has(number)
  }

  /** Bytes of a call were left out afterwards: so is the rest of that body. */
  leaveOut(number: number, body: keyof BodyBytes): void {
    const call = this.#calls.get(number)
    if (call !== undefined) call.incomplete[body] = true
  }

  /** Calls that may stand in files up to this one are not journalled any more. */
  forgetUpTo(file: number): void {
    for (const { id, firstFile } of [...this.#calls.values()]) {
      if (firstFile > file) return
      this.settle(id)
    }
  }

  #open(kind: number, number: number, id: string): void {
    this.#calls.set(number, {
      id,
      firstFile: this.file,
      bodyMaxBytes: kind === kinds.begin ? this.#options.bodyMaxBytes : 0,
      kept: { request: 0, response: 0 },
      incomplete: { request: false, response: false },
    })
    this.#numbers.set(id, number)
  }

  #begin(kind: number, number: number, at: number, payload: Buffer): void {
    const { buffer, writeBegin } = this.#options
    this.#open(kind, number, readCallId(payload))
    buffer.addLatin1(kind, number, at, writeBegin(payload, this.#credentials.of(number)))
  }

  /** @returns false where bytes of a body are left out: so is the rest of it from there on */
  #keeps(call: JournalledCall, body: keyof BodyBytes, number: number, at: number, bytes: number): boolean {
    const { buffer, waitingMaxBytes } = this.#options
    const { kept, incomplete, bodyMaxBytes } = call
    const fits = kept[body] + bytes <= bodyMaxBytes && buffer.size + bytes <= waitingMaxBytes
    if (fits && !incomplete[body]) {
      kept[body] += bytes
      return true
    }
    incomplete[body] = true
    buffer.addLatin1(leftOutKinds[body], number, at, String(bytes))
    return false
  }
}
