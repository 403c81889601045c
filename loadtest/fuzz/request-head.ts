import type { FuzzRequest } from './case.ts'
import { splitIntoChunks } from './chunking.ts'

/** The request up to its body; Latin-1, one character per byte. */
export function requestHead({ method, path, fields, framing, body }: FuzzRequest): string {
  const framed =
    framing === 'length'
      ? [`Content-Length: ${body.length}`]
      : framing === 'chunked'
        ? ['Transfer-Encoding: chunked']
        : []
  const lines = [`${method} ${path} HTTP/1.1`, ...fields.map((field) => field.join(': ')), ...framed]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** @returns the request as the chunks written to the connection */
export function requestParts(request: FuzzRequest): readonly Buffer[] {
  const head = request.damagedHead ?? Buffer.from(requestHead(request), 'latin1')
  const body = splitIntoChunks(request.body, request.chunking)
  const parts = request.framing === 'chunked' ? [...body.map(asChunk), Buffer.from('0\r\n\r\n')] : body
  return [head, ...parts]
}

const asChunk = (part: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')])
