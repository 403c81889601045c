/** What a process of a subject is there for. */
export type Role = 'relay' | 'worker' | 'redis'

export type MeasuredProcess = { readonly role: Role; readonly pid: number }

/** What one process has used; CPU time is user and system time together. */
export type Usage = {
  readonly role: Role
  /** All threads, those included that have ended. */
  readonly cpuMs: number
  /** The first thread alone: where a Node program's event loop runs. */
  readonly mainThreadMs: number
  readonly residentMb: number
  /** Those alive, the first one first. */
  readonly threads: readonly ThreadUsage[]
}

export type ThreadUsage = { readonly id: number; readonly name: string; readonly cpuMs: number }

/** What one thread of a subject used: `relay main`, `relay worker 3`. */
export type ThreadSpent = { readonly thread: string; readonly cpuMs: number }

/** CPU time in ms between two readings. */
export type Spent = {
  /** Main thread of the process that relays. */
  readonly relayThreadMs: number
  /** All threads of the process that relays. */
  readonly relayProcessMs: number
  /** Processes behind it: worker, Redis. */
  readonly behindMs: number
  readonly allMs: number
}

export function spentBetween(before: readonly Usage[], after: readonly Usage[]): Spent {
  const grown = (of: (usage: Usage) => number, isCounted: (role: Role) => boolean): number =>
    sum(after, of, isCounted) - sum(before, of, isCounted)
  const isRelay = (role: Role): boolean => role === 'relay'
  const relayProcessMs = grown(({ cpuMs }) => cpuMs, isRelay)
  const behindMs = grown(
    ({ cpuMs }) => cpuMs,
    (role) => !isRelay(role),
  )
  return {
    relayThreadMs: grown(({ mainThreadMs }) => mainThreadMs, isRelay),
    relayProcessMs,
    behindMs,
    allMs: relayProcessMs + behindMs,
  }
}

/** @returns the threads that used anything, in the order of their starting */
export function spentByThread(before: readonly Usage[], after: readonly Usage[]): readonly ThreadSpent[] {
  return after.flatMap(({ role, threads }, process) =>
    threads.flatMap(({ id, name, cpuMs }, at) => {
      const earlier = before[process]?.threads.find((thread) => thread.id === id)?.cpuMs ?? 0
      const thread = at === 0 ? `${role} main` : `${role} ${name} ${at}`
      return cpuMs > earlier ? { thread, cpuMs: cpuMs - earlier } : []
    }),
  )
}

export const residentMb = (usages: readonly Usage[]): number => sum(usages, (usage) => usage.residentMb)

function sum(
  usages: readonly Usage[],
  of: (usage: Usage) => number,
  isCounted: (role: Role) => boolean = () => true,
): number {
  return usages.reduce((total, usage) => total + (isCounted(usage.role) ? of(usage) : 0), 0)
}
