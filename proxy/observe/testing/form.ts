/** A part of a form as a client sends it: a text field, or a file. */
export type SentPart = {
  readonly name: string
  readonly body: string | Buffer
  readonly filename?: string
  readonly type?: string
}

export const boundary = 'a-line-between'
export const formType = `multipart/form-data; boundary=${boundary}`

/** @returns the bytes of a whole form (RFC 7578) */
export function formBytes(...parts: readonly SentPart[]): Buffer {
  const fragments = parts.flatMap(({ name, body, filename, type }) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`,
    filename === undefined ? '' : `; filename="${filename}"`,
    type === undefined ? '' : `\r\nContent-Type: ${type}`,
    '\r\n\r\n',
    body,
    '\r\n',
  ])
  return Buffer.concat([...fragments, `--${boundary}--\r\n`].map((text) => Buffer.from(text)))
}
