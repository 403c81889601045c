import { maskSecrets } from './mask-credentials.ts'

/**
 * The error that an AggregateError stands for: connecting to a name with several addresses fails with one
 * error for each of them, below an error whose own message is empty.
 */
export function unwrapAggregate(cause: unknown): Error {
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0]
  return cause instanceof Error ? cause : new Error(String(cause))
}

/** @returns one line, of the innermost cause, without credentials: `connect ECONNREFUSED 127.0.0.1:4011` */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return maskSecrets(String(cause))
  const inner = innerOf(cause)
  if (inner !== undefined) return reasonOf(inner)
  return maskSecrets(cause.message || codeOf(cause) || cause.name).replaceAll(/\s*\n\s*/g, ' ')
}

/** @returns the code of the innermost cause that has one: `ECONNREFUSED`, `LEVEL_LOCKED` */
export function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  return (
    codeOf(innerOf(cause)) ?? ('code' in cause && typeof cause.code === 'string' ? cause.code : undefined)
  )
}

function innerOf(cause: Error): Error | undefined {
  if (cause.cause instanceof Error) return cause.cause
  // Of a Cluster: ClusterAllFailedError of ioredis.
  if ('lastNodeError' in cause && cause.lastNodeError instanceof Error) return cause.lastNodeError
  const unwrapped = unwrapAggregate(cause)
  return unwrapped === cause ? undefined : unwrapped
}
