import { checkers } from './checkers.ts'

/** An object of Kubernetes, as a file holds it. */
export type KubeObject = {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly [field: string]: unknown
}

type YamlPackage = {
  parseAllDocuments(
    text: string,
    options: { readonly version: '1.1' },
  ): readonly {
    readonly errors: readonly Error[]
    toJS(): unknown
  }[]
}

const yaml = (): YamlPackage => {
  if (checkers === undefined) throw new Error('no checkers here: the test should have been skipped')
  return checkers.load<YamlPackage>('yaml')
}

/** @throws on what is no YAML, a key that comes twice included */
export function parseYaml(text: string): readonly unknown[] {
  return (
    yaml()
      // As Kubernetes and Helm read it: there `yes` is true, and 0440 is octal.
      .parseAllDocuments(text, { version: '1.1' })
      .map((document) => {
        for (const error of document.errors) throw error
        return document.toJS()
      })
      .filter((value) => value !== null && value !== undefined)
  )
}

export const parseObjects = (text: string): readonly KubeObject[] => parseYaml(text) as readonly KubeObject[]

/** @throws where there is not exactly one */
export function only(objects: readonly KubeObject[], kind: string, name?: string): KubeObject {
  const matching = objects.filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  )
  const [first] = matching
  if (first === undefined || matching.length > 1)
    throw new Error(`${matching.length} of ${kind} ${name ?? ''} among ${objects.map(titleOf).join(', ')}`)
  return first
}

export const titleOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.name}`
