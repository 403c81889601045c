/**
 * @param first bytes of a body, of which one more call may have more
 * @returns whether they begin a stream of server-sent events; undefined while that is open. Line ends and a byte order mark
 * may stand first, and so may fields that the format does not define (WHATWG HTML, section 9.2.6): they are ignored.
 */
export function beginsAsEventStream(first: Buffer): boolean | undefined {
  const text = first.toString('latin1', 0, maxOpenBytes).replace(byteOrderMark, '')
  const lines = text.split(/\r\n|\n|\r/)
  const last = lines.pop() ?? ''
  for (const line of lines) {
    if (line !== '' && isDefined(`${line}:`)) return true
    if (line !== '' && !isField(line)) return false
  }
  if (isDefined(last)) return true
  return maybeField.test(last) && first.length < maxOpenBytes ? undefined : false
}

/** Looked at, and held meanwhile. Fields that are not defined are short, and there are few of them. */
const maxOpenBytes = 1_024

/** UTF-8, read as Latin-1; perhaps its beginning. */
const byteOrderMark = /^\xef(?:\xbb(?:\xbf|$)|$)/

const isDefined = (line: string): boolean => /^(?:data|event|id|retry|):/.test(line)
const isField = (line: string): boolean => /^[\w-]+(?::|$)/.test(line)
const maybeField = /^(?:$|[A-Za-z_][\w-]{0,63}(?::|$))/
