import type { Field } from './case.ts'

export type ResponseHead = { readonly status: number; readonly fields: readonly Field[] }

type State = 'head' | 'length' | 'chunk-size' | 'chunk' | 'until-close' | 'whole' | 'malformed'

/** Reads one HTTP/1.1 answer as it comes; written for this, so that the client's view is not Node's own. */
export class AnswerReader {
  readonly #isHead: boolean
  #state: State = 'head'
  #pending: Buffer = Buffer.alloc(0)
  #left = 0
  readonly #body: Buffer[] = []
  #bytes = 0
  #head: ResponseHead | undefined

  /** @param method what was asked: the answer to HEAD has no body */
  constructor(method: string) {
    this.#isHead = method === 'HEAD'
  }

  get head(): ResponseHead | undefined {
    return this.#head
  }

  /** True once the answer has come to the end that it announced. */
  get isWhole(): boolean {
    return this.#state === 'whole'
  }

  get isMalformed(): boolean {
    return this.#state === 'malformed'
  }

  /** Bytes of the body so far. */
  get bytes(): number {
    return this.#bytes
  }

  body(): Buffer {
    return Buffer.concat(this.#body)
  }

  push(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    while (this.#step());
  }

  /** The connection has come to its end in good order. */
  closed(): void {
    if (this.#state === 'until-close') this.#state = 'whole'
  }

  /** @returns true where there may be more to do with what has come */
  #step(): boolean {
    switch (this.#state) {
      case 'head':
        return this.#readHead()
      case 'chunk-size':
        return this.#readChunkSize()
      case 'length':
      case 'chunk':
      case 'until-close':
        return this.#readBody()
      default:
        return false
    }
  }

  #readHead(): boolean {
    const end = this.#pending.indexOf('\r\n\r\n')
    if (end < 0) return false
    const [first = '', ...lines] = this.#take(end + 4)
      .toString('latin1')
      .trimEnd()
      .split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3})( |$)/.exec(first)?.[1])
    if (Number.isNaN(status)) return this.#become('malformed')
    if (status < 200) return true
    const fields = lines.map(toField)
    this.#head = { status, fields }
    const fieldValue = (name: string) => fields.find(([other]) => other.toLowerCase() === name)?.[1]
    this.#left = Number(fieldValue('content-length') ?? 0)
    if (this.#isHead || status === 204 || status === 304) return this.#become('whole')
    if (fieldValue('transfer-encoding') === 'chunked') return this.#become('chunk-size')
    if (fieldValue('content-length') === undefined) return this.#become('until-close')
    return this.#become(this.#left === 0 ? 'whole' : 'length')
  }

  #readChunkSize(): boolean {
    const end = this.#pending.indexOf('\r\n')
    if (end < 0) return false
    const size = Number.parseInt(this.#pending.toString('latin1', 0, end), 16)
    if (Number.isNaN(size)) return this.#become('malformed')
    if (size === 0) return this.#pending.indexOf('\r\n\r\n') >= 0 && this.#become('whole')
    this.#take(end + 2)
    this.#left = size + 2
    return this.#become('chunk')
  }

  #readBody(): boolean {
    if (this.#pending.length === 0) return false
    const isOpen = this.#state === 'until-close'
    const part = this.#take(isOpen ? this.#pending.length : Math.min(this.#left, this.#pending.length))
    const lineEnd = this.#state === 'chunk' ? 2 : 0
    const content = isOpen ? part : part.subarray(0, Math.max(0, this.#left - lineEnd))
    this.#body.push(content)
    this.#bytes += content.length
    this.#left -= part.length
    if (isOpen || this.#left > 0) return false
    return this.#become(this.#state === 'chunk' ? 'chunk-size' : 'whole')
  }

  #become(state: State): true {
    this.#state = state
    return true
  }

  #take(length: number): Buffer {
    const taken = this.#pending.subarray(0, length)
    this.#pending = this.#pending.subarray(length)
    return taken
  }
}

function toField(line: string): Field {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
}
