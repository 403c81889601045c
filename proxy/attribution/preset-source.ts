import type { PresetContext } from '../../shared/config/preset-context.ts'
import { type Attributes, mergeFields, type SourcedField } from './attributes.ts'

/** @param from the place: `context store` */
export function presetSource(context: PresetContext, from: string): Attributes {
  const tellings = Object.entries(context).map(([field, value]) => ({ field, value, from }) as SourcedField)
  return mergeFields(tellings)
}
