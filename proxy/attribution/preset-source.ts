import type { SaidBefore } from '../../shared/config/preset-context.ts'
import { type Said, saidBy, type Telling } from './attributes.ts'

/** @param from the place: `context store` */
export function saidBefore(context: SaidBefore, from: string): Said {
  const tellings = Object.entries(context).map(([field, value]) => ({ field, value, from }) as Telling)
  return saidBy(tellings)
}
