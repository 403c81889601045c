import { type Setting, settings } from '../../../shared/config/settings.ts'

const declared = Object.values(settings) as readonly Setting<unknown>[]

/** Every variable that threadtap reads: aliases included, and `*_FILE` of secrets. */
export const knownSettings: ReadonlySet<string> = new Set(
  declared.flatMap(({ env, aliases = [], secret }) =>
    [env, ...aliases].flatMap((name) => (secret ? [name, `${name}_FILE`] : [name])),
  ),
)
