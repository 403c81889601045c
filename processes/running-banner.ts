import type { Config } from '../shared/config/load.ts'
import type { Degradation } from '../shared/degradation/degradations.ts'
import { type Addresses, banner, type DeliveryRole } from './banner.ts'
import { surroundingsOf } from './surroundings.ts'

/** A process, as its banner shows it once it runs. */
export type AnnouncedProcess = {
  readonly title: string
  readonly delivery: DeliveryRole
  readonly env: Readonly<Record<string, string | undefined>>
  readonly config: Config
  readonly addresses: () => Addresses
  readonly degraded: () => readonly Degradation[]
}

/** @returns the banner of a process that runs, with what the machine has to say to it */
export async function runningBanner(announced: AnnouncedProcess): Promise<string> {
  const { title, delivery, env, config, addresses, degraded } = announced
  return banner(title, config, addresses(), await surroundingsOf(config, delivery, degraded(), env))
}
