import {
  isIntersectionTypeNode,
  isParenthesizedTypeNode,
  isPropertySignatureDeclaration,
  isTypeAliasDeclaration,
  isTypeLiteralNode,
  isUnionTypeNode,
  type Node,
  type SourceFile,
  type TypeNode,
} from 'typescript/unstable/ast'
import { createVirtualFileSystem } from 'typescript/unstable/fs'
import { API } from 'typescript/unstable/sync'

/** One `type X = ...`, as far as the record's page shows it. Types are texts in TypeScript, `readonly` left out. */
export type Declaration = { readonly name: string; readonly doc: string; readonly shape: Shape }

export type Shape =
  | { readonly kind: 'object'; readonly fields: readonly Field[]; readonly extended: readonly string[] }
  | { readonly kind: 'values'; readonly values: readonly string[] }
  | { readonly kind: 'variants'; readonly variants: readonly Variant[] }

export type Field = {
  readonly name: string
  readonly type: string
  readonly optional: boolean
  readonly doc: string
}

/** One of several objects; its fields are told apart by the first of them, which is a literal. */
export type Variant = {
  readonly doc: string
  readonly fields: readonly Field[]
  readonly extended: readonly string[]
}

/**
 * Reads the exported types of some modules with TypeScript's own parser, by name, in the order of their files.
 * @param files name to text
 * @throws Error for a type of a form that the page could not show
 */
export function readDeclarations(files: Readonly<Record<string, string>>): ReadonlyMap<string, Declaration> {
  const api = new API({ fs: createVirtualFileSystem(inFolder(files)) })
  try {
    const project = api.updateSnapshot({ openProjects: [`${folder}/tsconfig.json`] }).getProjects()[0]
    const declarations = Object.keys(files).flatMap((name) => {
      const source = project?.program.getSourceFile(`${folder}/${name}`)
      if (source === undefined) throw new Error(`${name} was not parsed`)
      return declarationsOf(source)
    })
    return new Map(declarations.map((declaration) => [declaration.name, declaration]))
  } finally {
    api.close()
  }
}

/** Only these files, no library: nothing is type-checked. */
const folder = '/record'
const inFolder = (files: Readonly<Record<string, string>>): Record<string, string> => ({
  [`${folder}/tsconfig.json`]: JSON.stringify({
    compilerOptions: { noLib: true, noResolve: true, types: [] },
    files: Object.keys(files),
  }),
  ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text])),
})

function declarationsOf(source: SourceFile): readonly Declaration[] {
  const { text } = source
  return source.statements.filter(isTypeAliasDeclaration).map((statement) => ({
    name: statement.name.text,
    doc: docBefore(statement, text),
    shape: shapeOf(statement.type, text, statement.name.text),
  }))
}

function shapeOf(type: TypeNode, text: string, name: string): Shape {
  if (!isUnionTypeNode(type)) return { kind: 'object', ...objectOf(type, text, name) }
  const members = [...type.types]
  const written = members.map((member) => member.getText())
  if (written.every((value) => /^'[^']*'$/.test(value))) return { kind: 'values', values: written }
  const variants = members.map((member, at) => ({
    // What stands before a variant belongs to the `|` between it and the last one.
    doc: docIn(text.slice(members[at - 1]?.end ?? type.pos, member.getStart())),
    ...objectOf(member, text, name),
  }))
  return { kind: 'variants', variants }
}

type ObjectShape = Pick<Variant, 'fields' | 'extended'>

function objectOf(type: TypeNode, text: string, name: string): ObjectShape {
  const inner = isParenthesizedTypeNode(type) ? type.type : type
  const parts = isIntersectionTypeNode(inner) ? [...inner.types] : [inner]
  const fields = parts.flatMap((part) =>
    isTypeLiteralNode(part) ? part.members.map((member) => fieldOf(member, text, name)) : [],
  )
  const extended = parts.filter((part) => !isTypeLiteralNode(part)).map((part) => part.getText())
  const unknown = extended.find((part) => !/^[A-Z]\w*$/.test(part))
  if (unknown !== undefined) throw new Error(`the page of the record has no form for ${name}: ${unknown}`)
  return { fields, extended }
}

function fieldOf(member: Node, text: string, name: string): Field {
  if (!isPropertySignatureDeclaration(member) || member.type === undefined) {
    throw new Error(`the page of the record has no form for a member of ${name}: ${member.getText()}`)
  }
  return {
    name: member.name.getText(),
    type: member.type.getText().replace(/\breadonly /g, ''),
    optional: member.postfixToken !== undefined,
    doc: docBefore(member, text),
  }
}

const docBefore = (node: Node, text: string): string => docIn(text.slice(node.pos, node.getStart()))

/** @returns the last doc comment of a text, in one line */
function docIn(text: string): string {
  const comment = [...text.matchAll(/\/\*\*(.*?)\*\//gs)].at(-1)?.[1] ?? ''
  return comment
    .replace(/^\s*\*/gm, '')
    .replace(/\s+/g, ' ')
    .trim()
}
