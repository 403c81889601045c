import { InvalidArgumentError } from 'commander'

/** Parsed options of a command that connects to the admin port. */
export type AdminOptions = { readonly admin?: string }

/** Parsed options of a command that prints a list. */
export type ListOptions = AdminOptions & { readonly limit: number; readonly json: boolean }

// The arguments of commander's `option`.
export const adminOption = ['--admin <url>', 'admin port to ask (default: ADMIN_HOST, ADMIN_PORT)'] as const
export const limitOption = ['--limit <n>', 'how many at most', parseLimit, 20] as const
export const jsonOption = ['--json', 'as JSON', false] as const

function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,2}$|^1000$/.test(text)) throw new InvalidArgumentError('It must be from 1 to 1000.')
  return Number(text)
}
