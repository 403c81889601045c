import { expect, test } from 'vitest'
import { readDeclarations } from './record/declarations.ts'
import { recordPage } from './record.ts'

const pageOf = (text: string): string => recordPage(readDeclarations({ 'record.ts': text }))

test('a field is shown with its type, its unit and what its comment says', () => {
  const page = pageOf(`
    /** One call. */
    export type InferenceRecord = {
      /**
       * Time until
       * the end.
       */
      readonly durationMs: number
      readonly names?: readonly string[]
      readonly counts: Readonly<Record<string, number>>
    }`)
  expect(page).toContain('## InferenceRecord\n\nOne call.')
  expect(page).toContain('| `durationMs` | `number` | ms | Time until the end. |')
  expect(page).toContain('| `names?` | list of `string` |  |  |')
  expect(page).toContain('| `counts` | object of `number` |  |  |')
})

test('a type that a field names has a section of its own, linked, and says what the field does not', () => {
  const page = pageOf(`
    export type InferenceRecord = { readonly times: Times; readonly ending: Ending }
    /** When it was. By two clocks. */
    export type Times = { readonly startedAt: number }
    /** How it ended. */
    export type Ending = 'completed' | 'timed_out'
    export type Unused = { readonly a: string }`)
  expect(page).toContain('| `times` | [Times](#times) |  | When it was. |')
  expect(page).toContain("How it ended.\n\nOne of `'completed'`, `'timed_out'`.")
  expect(page).not.toContain('Unused')
})

test('each of several objects is shown by what tells it from the others', () => {
  const page = pageOf(`
    export type InferenceRecord =
      | { readonly kind: 'none' }
      /** Words. */
      | ({ readonly kind: 'text' | 'speech' } & Words)
    export type Words = { readonly words: number }`)
  expect(page).toContain(
    "**`kind`: `'none'`**\n\n**`kind`: `'text'` or `'speech'`**: Words.\n\nAll fields of [Words](#words).",
  )
})

test('a type that the page has no form for, or that is declared nowhere, is an error', () => {
  expect(() => pageOf('export type InferenceRecord = Partial<{ readonly a: string }>')).toThrow(
    'InferenceRecord',
  )
  expect(() => pageOf('export type InferenceRecord = { readonly a: Missing }')).toThrow('declares no Missing')
})
