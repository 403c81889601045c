import { createHash } from 'node:crypto'

const longestName = 80

/**
 * The file of one thread and day: `<YYMMDD>-<thread>.log`, by UTC. Thread ids come from clients: what could
 * mean something in a path is replaced, and a hash keeps ids apart that would look alike then.
 */
export function threadLogName(atMs: number, thread: string): string {
  const day = new Date(atMs).toISOString().slice(2, 10).replaceAll('-', '')
  return `${day}-${safeName(thread)}.log`
}

/** @returns whether a file is this thread's, of any day */
export function isLogOf(fileName: string, thread: string): boolean {
  return /^\d{6}-/.test(fileName) && fileName.slice(7) === `${safeName(thread)}.log`
}

function safeName(thread: string): string {
  const plain = thread.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, longestName)
  if (plain === thread && plain !== '') return plain
  const hash = createHash('sha256').update(thread.toWellFormed()).digest('hex').slice(0, 12)
  return `${plain}~${hash}`
}
