import { totalmem } from 'node:os'

/**
 * @param constrained what the process's control group allows, in bytes
 * @returns the bytes that the process may use, or Infinity where it has no limit of its own
 */
export function memoryLimit(constrained = process.constrainedMemory()): number {
  // Without a limit cgroups say 0, or a number beyond all memory.
  return constrained > 0 && constrained < totalmem() ? constrained : Number.POSITIVE_INFINITY
}
