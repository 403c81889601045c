import { type Setting, settings } from '../../shared/config/settings.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** One line of the doctor's: a variable that was set, and what may be shown of it. */
export type SetSetting = { readonly variable: string; readonly shown: string }

/** @returns what was set, in the order of declaration; of secrets only that they were */
export function setSettings(env: Environment): SetSetting[] {
  return (Object.values(settings) as Setting<unknown>[]).flatMap((declared) => {
    const names = [declared.env, ...(declared.aliases ?? [])]
    return names.flatMap((name) => [
      ...direct(env, name, declared.secret),
      ...asFile(env, name, declared.secret),
    ])
  })
}

function direct(env: Environment, variable: string, secret = false): SetSetting[] {
  const text = env[variable]
  return text ? [{ variable, shown: secret ? 'set' : withoutCredentials(text) }] : []
}

function asFile(env: Environment, name: string, secret = false): SetSetting[] {
  const path = env[`${name}_FILE`]
  return secret && path ? [{ variable: `${name}_FILE`, shown: path }] : []
}

/** A URL may carry user and password; they are not for showing. */
export function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//***@')
}
