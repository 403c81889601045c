import type { Field } from './case.ts'

export type ResponseHead = { readonly status: number; readonly fields: readonly Field[] }

type State = 'head' | 'length' | 'chunk-size' | 'chunk' | 'until-close' | 'complete' | 'malformed'

/** Incremental reader of one HTTP/1.1 response, independent of Node's own parser. */
export class ResponseReader {
  readonly #isHead: boolean
  #state: State = 'head'
  #pending: Buffer = Buffer.alloc(0)
  #remaining = 0
  readonly #body: Buffer[] = []
  #bytes = 0
  #head: ResponseHead | undefined

  /** @param method of the request: a response to HEAD has no body */
  constructor(method: string) {
    this.#isHead = method === 'HEAD'
  }

  get head(): ResponseHead | undefined {
    return this.#head
  }

  /** Whether the response has reached the end that its framing announces. */
  get isComplete(): boolean {
    return this.#state === 'complete'
  }

  get isMalformed(): boolean {
    return this.#state === 'malformed'
  }

  /** Body bytes so far. */
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

  /** Call when the peer has closed the connection normally. */
  closed(): void {
    if (this.#state === 'until-close') this.#state = 'complete'
  }

  /** @returns whether the pending bytes may allow another step */
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
    if (Number.isNaN(status)) return this.#enter('malformed')
    if (status < 200) return true
    const fields = lines.map(toField)
    this.#head = { status, fields }
    const fieldValue = (name: string) => fields.find(([other]) => other.toLowerCase() === name)?.[1]
    this.#remaining = Number(fieldValue('content-length') ?? 0)
    if (this.#isHead || status === 204 || status === 304) return this.#enter('complete')
    if (fieldValue('transfer-encoding') === 'chunked') return this.#enter('chunk-size')
    if (fieldValue('content-length') === undefined) return this.#enter('until-close')
    return this.#enter(this.#remaining === 0 ? 'complete' : 'length')
  }

  #readChunkSize(): boolean {
    const end = this.#pending.indexOf('\r\n')
    if (end < 0) return false
    const size = Number.parseInt(this.#pending.toString('latin1', 0, end), 16)
    if (Number.isNaN(size)) return this.#enter('malformed')
    if (size === 0) return this.#pending.indexOf('\r\n\r\n') >= 0 && this.#enter('complete')
    this.#take(end + 2)
    this.#remaining = size + 2
    return this.#enter('chunk')
  }

  #readBody(): boolean {
    if (this.#pending.length === 0) return false
    const isOpen = this.#state === 'until-close'
    const part = this.#take(isOpen ? this.#pending.length : Math.min(this.#remaining, this.#pending.length))
    const lineEnd = this.#state === 'chunk' ? 2 : 0
    const content = isOpen ? part : part.subarray(0, Math.max(0, this.#remaining - lineEnd))
    this.#body.push(content)
    this.#bytes += content.length
    this.#remaining -= part.length
    if (isOpen || this.#remaining > 0) return false
    return this.#enter(this.#state === 'chunk' ? 'chunk-size' : 'complete')
  }

  #enter(state: State): true {
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
