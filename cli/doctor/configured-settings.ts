import { type Setting, settings } from '../../shared/config/settings.ts'
import { maskCredentials } from '../../shared/mask-credentials.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A variable that is set, and its value as it may be shown. */
export type ConfiguredSetting = { readonly variable: string; readonly shown: string }

/** @returns the variables that are set, in the order of declaration, secrets without their value */
export function configuredSettings(env: Environment): ConfiguredSetting[] {
  return (Object.values(settings) as Setting<unknown>[]).flatMap((declared) => {
    const names = [declared.env, ...(declared.aliases ?? [])]
    return names.flatMap((name) => [
      ...fromVariable(env, name, declared.secret),
      ...fromFile(env, name, declared.secret),
    ])
  })
}

function fromVariable(env: Environment, variable: string, secret = false): ConfiguredSetting[] {
  const text = env[variable]
  return text ? [{ variable, shown: secret ? 'set' : maskCredentials(text) }] : []
}

function fromFile(env: Environment, name: string, secret = false): ConfiguredSetting[] {
  const path = env[`${name}_FILE`]
  return secret && path ? [{ variable: `${name}_FILE`, shown: path }] : []
}
