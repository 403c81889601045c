import { code, markdownTable, page } from './markdown.ts'
import type { Declaration, Field, Shape } from './record/declarations.ts'
import { exampleRecord } from './record/example.ts'
import { unitOf } from './record/units.ts'

type Declarations = ReadonlyMap<string, Declaration>

/**
 * docs/record.md: the record and every type that it is made of, in the order in which they are first named.
 * @throws Error where a type names one that is not declared
 */
export function recordPage(declarations: Declarations): string {
  const shown = reachable('InferenceRecord', declarations)
  return page(
    'The record',
    'shared/record/',
    'One attempt to call a model, as it stands in the spool, in Redis, in the local store and in dead letters. ' +
      '`npx threadtap call --json` prints the newest one, with `cost` and `delivery` beside its fields; `npx threadtap dead show <id>` ' +
      'that of a dead letter. What Langfuse is sent of it, and in which shape, is in [langfuse.md](langfuse.md).',
    'It grows by optional fields only, and `v` stays 1 as long as it does: who reads records ignores fields that he does not ' +
      'know. A field that is not there was not known; an optional one is marked `?`. Ids and times are fixed when the ' +
      'call is recorded, and are the same however often a record is delivered.',
    `\`\`\`json\n${JSON.stringify(exampleRecord, null, 2)}\n\`\`\``,
    ...shown.map((declaration) => section(withTypesWords(declaration, declarations))),
    '## Json',
    'Any JSON value; `JsonObject` is one with members.',
  )
}

/** Types in the order of their first mention, each before those that only it names. */
function reachable(root: string, declarations: Declarations): readonly Declaration[] {
  const found = new Set<string>()
  const visit = (name: string): readonly Declaration[] => {
    if (found.has(name) || json.has(name)) return []
    found.add(name)
    const declaration = declarations.get(name)
    if (declaration === undefined) throw new Error(`shared/record declares no ${name}`)
    return [declaration, ...namesIn(declaration.shape).flatMap(visit)]
  }
  return visit(root)
}

const json: ReadonlySet<string> = new Set(['Json', 'JsonObject'])

/** TypeScript's own, which need no section. */
const builtIn: ReadonlySet<string> = new Set(['Readonly', 'Record'])

const namePattern = /(?<!['\w])[A-Z]\w*/g

function namesIn(shape: Shape): readonly string[] {
  if (shape.kind === 'values') return []
  const objects = shape.kind === 'object' ? [shape] : shape.variants
  const types = objects.flatMap(({ fields, extended }) => [...extended, ...fields.map(({ type }) => type)])
  return types.flatMap((type) => type.match(namePattern) ?? []).filter((name) => !builtIn.has(name))
}

/** A field without a comment of its own says what its type does, in the first sentence of that. */
function withTypesWords({ shape, ...declaration }: Declaration, declarations: Declarations): Declaration {
  if (shape.kind !== 'object') return { shape, ...declaration }
  const fields = shape.fields.map((field) => ({
    ...field,
    doc: field.doc || (declarations.get(field.type)?.doc.split(/(?<=\.) /)[0] ?? ''),
  }))
  return { ...declaration, shape: { ...shape, fields } }
}

function section({ name, doc, shape }: Declaration): string {
  const blocks = [`## ${name}`, ...(doc === '' ? [] : [doc]), ...shapeBlocks(shape, name)]
  return blocks.join('\n\n')
}

function shapeBlocks(shape: Shape, name: string): readonly string[] {
  if (shape.kind === 'values') return [`One of ${shape.values.map(code).join(', ')}.`]
  if (shape.kind === 'object') return objectBlocks(shape, name)
  return [
    'One of these:',
    ...shape.variants.flatMap(({ doc, fields: [first, ...fields], extended }) => [
      [variantHead(first), doc].filter((text) => text !== '').join(': '),
      ...objectBlocks({ fields, extended }, name),
    ]),
  ]
}

const variantHead = (first: Field | undefined): string =>
  first === undefined ? '' : `**${code(first.name)}: ${typeText(first.type)}**`

function objectBlocks(
  { fields, extended }: { readonly fields: readonly Field[]; readonly extended: readonly string[] },
  name: string,
): readonly string[] {
  return [
    ...extended.map((other) => `All fields of ${link(other)}${fields.length > 0 ? ', and:' : '.'}`),
    ...(fields.length > 0
      ? [
          markdownTable(
            ['Field', 'Type', 'Unit', 'Meaning'],
            fields.map((field) => row(field, name)),
          ),
        ]
      : []),
  ]
}

const row = (field: Field, name: string): string[] => [
  code(field.optional ? `${field.name}?` : field.name),
  typeText(field.type),
  unitOf(field, name),
  field.doc,
]

const link = (name: string): string => `[${name}](#${json.has(name) ? 'json' : name.toLowerCase()})`

/** A type as people read it: names linked, `Readonly<Record<string, T>>` as an object of T, `T[]` as a list. */
function typeText(type: string): string {
  const members = type.split(' | ')
  if (members.length > 1) return members.map(typeText).join(' or ')
  const record = /^Readonly<Record<string, (.+)>>$/.exec(type)?.[1]
  if (record !== undefined) return `object of ${typeText(record)}`
  if (type.endsWith('[]')) return `list of ${typeText(type.slice(0, -2))}`
  return /^[A-Z]\w*$/.test(type) ? link(type) : code(type)
}
