/** What a process of a subject is there for. */
export type Role = 'relay' | 'worker' | 'redis'

export type MeasuredProcess = { readonly role: Role; readonly pid: number }

/** Of one process; CPU time is user and system time together. */
export type Usage = {
  readonly role: Role
  /** All threads, those included that have ended. */
  readonly cpuMs: number
  /** The first thread alone: where a Node program's event loop runs. */
  readonly mainThreadMs: number
  readonly residentMb: number
}

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

export const residentMb = (usages: readonly Usage[]): number => sum(usages, (usage) => usage.residentMb)

function sum(
  usages: readonly Usage[],
  of: (usage: Usage) => number,
  isCounted: (role: Role) => boolean = () => true,
): number {
  return usages.reduce((total, usage) => total + (isCounted(usage.role) ? of(usage) : 0), 0)
}
