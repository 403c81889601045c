import type { Degradation } from '../../../shared/degradation/degradations.ts'
import type { Threadtap } from './threadtap.ts'

/** @returns why less is recorded now; [] where all is, or where the process is too busy to say so, or gone */
export async function overloadReasons(threadtap: Threadtap): Promise<readonly string[]> {
  try {
    const { degraded } = await threadtap.getJson<{ degraded: readonly Degradation[] }>('/readyz')
    return degraded.filter(({ part }) => part === 'overload').map(({ reason }) => reason)
  } catch {
    return []
  }
}
