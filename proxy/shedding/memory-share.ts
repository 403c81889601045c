import { memoryLimit } from '../../shared/memory-limit.ts'

/** @returns what share of its limit the process uses: 0 where it has none */
export const memoryShare = (limit = memoryLimit()): number => process.memoryUsage.rss() / limit
