import { memoryLimit } from '../../shared/memory-limit.ts'
import { maxHeldBytes } from './body.ts'

const most = 8 * maxHeldBytes

/** Room for the process itself, and for what is recorded of the same bodies. */
const share = 1 / 4

/**
 * @param limit bytes of memory that the process may use
 * @returns bytes that all held bodies may take together; a body beyond it is streamed
 */
export const maxTotalHeldBytes = (limit = memoryLimit()): number => Math.min(most, Math.floor(limit * share))
