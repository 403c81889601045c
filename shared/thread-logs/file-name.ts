import { createHash } from 'node:crypto'

const maxNameLength = 80

/**
 * The file name of one thread and day, in UTC: `<YYMMDD>-<thread>.log`. Thread ids come from clients: characters
 * with a meaning in paths are replaced, and a hash keeps apart the ids that would then be equal.
 */
export function threadLogName(atMs: number, thread: string): string {
  const day = new Date(atMs).toISOString().slice(2, 10).replaceAll('-', '')
  return `${day}-${safeName(thread)}.log`
}

/** True for the log files of a thread, of any day. */
export function isLogOf(fileName: string, thread: string): boolean {
  return /^\d{6}-/.test(fileName) && fileName.slice(7) === `${safeName(thread)}.log`
}

function safeName(thread: string): string {
  const plain = thread.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, maxNameLength)
  if (plain === thread && plain !== '') return plain
  const hash = createHash('sha256').update(thread.toWellFormed()).digest('hex').slice(0, 12)
  return `${plain}~${hash}`
}
