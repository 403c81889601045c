/** @returns the innermost cause in a few words: `connect ECONNREFUSED 127.0.0.1:4011` */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  if (cause.cause instanceof Error) return reasonOf(cause.cause)
  // An AggregateError of several refused addresses has a code and no message.
  return cause.message || codeOf(cause) || cause.name
}

/** @returns `ECONNREFUSED` and the like, of the error or of what caused it */
export function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  const inner = codeOf(cause.cause)
  return inner ?? ('code' in cause && typeof cause.code === 'string' ? cause.code : undefined)
}
