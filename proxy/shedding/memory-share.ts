import { totalmem } from 'node:os'

/**
 * @param limit bytes that the process may use, as its control group says
 * @returns what share of that it uses: 0 where there is no limit of its own
 */
export function memoryShare(limit = process.constrainedMemory()): number {
  // Without a limit cgroups say 0, or a number beyond all memory.
  return limit > 0 && limit < totalmem() ? process.memoryUsage.rss() / limit : 0
}
