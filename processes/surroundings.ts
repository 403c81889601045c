import { networkInterfaces } from 'node:os'
import type { Config } from '../shared/config/load.ts'
import { dataDirProblem } from '../shared/data-dir-unusable.ts'
import type { Degradation } from '../shared/degradation/degradations.ts'
import type { Delivery, Surroundings } from './banner.ts'

/** What the banner has to know of the machine. */
export async function surroundingsOf(
  { dataDir }: Config,
  delivery: Delivery,
  degraded: readonly Degradation[],
): Promise<Surroundings> {
  const problem = await dataDirProblem(dataDir)
  return {
    delivery,
    machine: machineAddress(),
    warnings: [
      ...(problem === undefined ? [] : [`nothing can be kept on disk: ${problem.message}`]),
      ...degraded.map(({ effect, reason }) => `${effect} (${reason})`),
    ],
  }
}

/** The first address of this machine that others can call. */
function machineAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address
}
