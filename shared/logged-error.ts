import { maskSecrets } from './mask-credentials.ts'

/** What a log line has of an error. */
export type LoggedError = {
  readonly type: string
  readonly message: string
  readonly code?: string
  readonly stack?: string
  readonly cause?: LoggedError
}

const maxCauses = 4

/**
 * An allow-list: libraries hang on their errors what failed. ioredis adds the command, whose arguments are the password, or
 * records; undici the response.
 * @param cause what was thrown
 */
export function loggedError(cause: unknown, causes = maxCauses): LoggedError {
  if (!(cause instanceof Error)) return { type: typeof cause, message: maskSecrets(String(cause)) }
  const { code, stack } = cause as NodeJS.ErrnoException
  const inner = cause.cause ?? (cause instanceof AggregateError ? cause.errors[0] : undefined)
  return {
    type: cause.name,
    message: maskSecrets(cause.message),
    ...(typeof code === 'string' && { code }),
    ...(stack !== undefined && { stack: maskSecrets(stack) }),
    ...(inner !== undefined && causes > 0 && { cause: loggedError(inner, causes - 1) }),
  }
}
