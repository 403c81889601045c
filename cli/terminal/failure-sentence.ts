/** Our own errors are a sentence for people; a defect of the program shows its stack. */
export function failureSentence(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const isDefect = [TypeError, ReferenceError, RangeError, SyntaxError].some((kind) => cause instanceof kind)
  return isDefect ? String(cause.stack) : cause.message
}
