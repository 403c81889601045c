/**
 * @param first bytes of a body
 * @returns whether they begin a stream of server-sent events, as far as they go: with a byte order mark or line ends,
 * then with a field or a comment
 */
export function beginsAsEventStream(first: Buffer): boolean {
  const begin = first
    .toString('latin1', 0, maxLookedAt)
    .replace(/^\xef\xbb\xbf/, '')
    .replace(/^[\r\n]+/, '')
  return begin !== '' && fields.some((field) => begin.startsWith(field) || field.startsWith(begin))
}

const maxLookedAt = 64
const fields = [':', 'data:', 'event:', 'id:', 'retry:']
