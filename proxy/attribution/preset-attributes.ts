import type { PresetContext } from '../../shared/config/preset-context.ts'
import { type Attributes, mergeFields, type OnPlaceholder, type SourcedField } from './attributes.ts'

/** @param source `context store` or `CONTEXT_DEFAULTS` */
export function presetAttributes(
  context: PresetContext,
  source: string,
  onPlaceholder?: OnPlaceholder,
): Attributes {
  const fields = Object.entries(context).map(([field, value]) => ({ field, value, source }) as SourcedField)
  return mergeFields(fields, onPlaceholder)
}
