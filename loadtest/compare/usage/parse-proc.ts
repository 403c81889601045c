/** Clock ticks that a process or thread has run, user and system together: proc(5), fields 14 and 15 of stat. */
export function ticksOf(stat: string): number {
  // The name in parentheses may hold spaces and parentheses of its own.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** The name that a thread has given itself; `node` for most of Node 20's. */
export const threadNameOf = (stat: string): string => stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))

/** Resident memory in MB: proc(5), VmRSS of status. */
export function residentMbOf(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}

/** Milliseconds of one clock tick: Linux tells user space 100 ticks a second on every platform (time(7), USER_HZ). */
export const tickMs = 10
