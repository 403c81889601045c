import { networkInterfaces } from 'node:os'
import type { Config } from '../shared/config/load.ts'
import { dataDirProblem } from '../shared/data-dir-unusable.ts'
import type { Degradation } from '../shared/degradation/degradations.ts'
import { linksIn } from '../shared/no-links.ts'
import { keyProblem } from '../worker/sinks/langfuse/credentials.ts'
import type { DeliveryRole, Surroundings } from './banner.ts'

/** What the banner has to know of the machine. */
export async function surroundingsOf(
  config: Config,
  delivery: DeliveryRole,
  degraded: readonly Degradation[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Surroundings> {
  const problem = await dataDirProblem(config.dataDir)
  return {
    delivery,
    // Set by npm and npx: a clone, or a package of the project, whose commands are not on the PATH.
    command: env.npm_execpath === undefined ? 'threadtap' : 'npx threadtap',
    machine: machineAddress(),
    warnings: [
      ...(problem === undefined ? [] : [`nothing can be kept on disk: ${problem.message}`]),
      ...(await linksIn(config.dataDir)).map(
        (name) => `${name} in the data folder is a symbolic link, and is not followed: remove it`,
      ),
      ...degraded.map(({ effect, reason }) =>
        problem !== undefined && reason.includes(config.dataDir) ? effect : `${effect} (${reason})`,
      ),
      ...(delivery === 'delivers' ? wrongKeys(config) : []),
    ],
  }
}

/** No server takes them, which otherwise shows with the first record only. */
function wrongKeys({ langfusePublicKey, langfuseSecretKey, langfuseEnabled }: Config): readonly string[] {
  if (!langfuseEnabled || langfusePublicKey === undefined || langfuseSecretKey === undefined) return []
  const problem = keyProblem(langfusePublicKey, langfuseSecretKey)
  return problem === undefined ? [] : [`Langfuse will take no records: ${problem.what}: ${problem.remedy}`]
}

/** The first address of this machine that others can call. */
function machineAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address
}
