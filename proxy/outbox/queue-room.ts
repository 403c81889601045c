/** Why packs are not handed to Redis for now. A closed set: it is a label. */
export const queueTroubles = [
  'disconnected',
  'timed_out',
  'refused',
  /** QUEUE_MAX_PACKS packs wait there already. */
  'packs_full',
  /** Redis uses most of the memory that it may. */
  'memory_full',
] as const

export type QueueTrouble = (typeof queueTroubles)[number]

/** True where Redis responds, and has no room. */
export function isFull(trouble: QueueTrouble): boolean {
  return trouble === 'packs_full' || trouble === 'memory_full'
}

/** Media give way to records well before. */
const mediaMemoryShare = 0.5

/** How many more packs Redis may be given until the next check. */
export type Room = {
  readonly packs: number
  readonly trouble?: QueueTrouble
  /** What Redis or its connection said, for people. */
  readonly cause?: unknown
}

/** Redis is left alone above this share of its memory limit: at the limit its queue locks up. */
const memoryShare = 0.7

/**
 * @param memory the response to `INFO memory`
 * @param waiting packs that wait in Redis
 */
export function roomFor(memory: string, waiting: number, maxPacks: number): Room {
  const limit = field(memory, 'maxmemory')
  if (limit > 0 && field(memory, 'used_memory') > limit * memoryShare) {
    return { packs: 0, trouble: 'memory_full' }
  }
  return waiting < maxPacks ? { packs: maxPacks - waiting } : { packs: 0, trouble: 'packs_full' }
}

/** @param memory the response to `INFO memory` */
export function hasRoomForMedia(memory: string): boolean {
  const limit = field(memory, 'maxmemory')
  return limit === 0 || field(memory, 'used_memory') <= limit * mediaMemoryShare
}

/** 0 where it is missing: some hosted servers do not report it, and no limit is known then. */
function field(info: string, name: string): number {
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0)
}
