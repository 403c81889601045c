import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkers } from './checkers.ts'
import { deployFolder } from './deploy-files.ts'

export type Service = {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly profiles?: readonly string[]
  readonly depends_on?: Readonly<Record<string, unknown>>
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
}

export type ComposeFile = {
  readonly name: string
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}

type YamlPackage = { parse(text: string, options: { readonly merge: true }): ComposeFile }

export const composeText = (): string => readFileSync(join(deployFolder, 'compose/compose.yaml'), 'utf8')

export function parseCompose(text: string): ComposeFile {
  const yaml = checkers?.load<YamlPackage>('yaml')
  if (yaml === undefined) throw new Error('no checkers here: the test should have been skipped')
  return yaml.parse(text, { merge: true })
}

/** @returns what a container gets: variables are replaced as Compose does it, `${NAME:-default}` */
export const environmentOf = (
  { environment = {} }: Service,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replace(variable, (_, asked: string, fallback: string) => env[asked] || fallback),
    ]),
  )

/** @returns the names of all variables that a file asks for */
export const variablesOf = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(variable)].map(([, name = '']) => name)),
]

const variable = /\$\{(\w+):-([^}]*)\}/g

/** @returns the lines `NAME=value` of an env file */
export const readEnvFile = (name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readFileSync(join(deployFolder, 'compose', name), 'utf8')
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
