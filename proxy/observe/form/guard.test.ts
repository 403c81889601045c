import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { formBytes, formType } from '../testing/form.ts'
import { createFormFields, type FormFields } from './form-fields.ts'
import { createFormReader } from './form-reader.ts'
import { createGuard } from './guard.ts'
import type { FormPart } from './part.ts'

test('reports the first failure, and runs nothing after it', () => {
  const failures: unknown[] = []
  const guard = createGuard((cause) => failures.push(cause))
  const cause = new Error('first')
  expect(guard(() => 7)).toBe(7)
  expect(guard((): number => raise(cause))).toBeUndefined()
  expect(guard(() => 7)).toBeUndefined()
  guard(() => raise(new Error('second')))
  expect(failures).toEqual([cause])
})

function raise(cause: Error): never {
  throw cause
}

const broken = (): never => raise(new Error('broken'))
const bytes = formBytes({ name: 'model', body: 'whisper-1' }, { name: 'prompt', body: 'Hello' })

const idle: FormPart = { complete: false, push: () => undefined, end: () => undefined, value: () => '' }

test.each<[string, Partial<FormFields>]>([
  ['begins', { begin: broken }],
  ['receives bytes', { begin: () => ({ ...idle, push: broken }) }],
  ['ends', { begin: () => ({ ...idle, end: broken }) }],
])('a failure when a part %s stays within the guard and is reported once', async (_, overrides) => {
  const failures: unknown[] = []
  const fields = { ...createFormFields({ content: 'full', maxBytes: 100 }), ...overrides }
  const read = createFormReader(
    formType,
    fields,
    createGuard((cause) => failures.push(cause)),
  )
  for (const byte of bytes) read?.(Buffer.from([byte]))
  read?.(bytes)
  await nextTurn()
  expect(failures).toEqual([new Error('broken')])
})
