import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { formBytes, formType } from '../testing/form.ts'
import { createFormFacts, type FormFacts } from './facts.ts'
import { createGuard } from './guard.ts'
import type { FormPart } from './part.ts'
import { readForm } from './reader.ts'

test('tells the first failure, and runs nothing after it', () => {
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

const idle: FormPart = { whole: false, push: () => undefined, end: () => undefined, value: () => '' }

test.each<[string, Partial<FormFacts>]>([
  ['begins', { begin: broken }],
  ['gives its bytes', { begin: () => ({ ...idle, push: broken }) }],
  ['ends', { begin: () => ({ ...idle, end: broken }) }],
])('where a part %s, a failure stays within the guard and is told once', async (_, parts) => {
  const failures: unknown[] = []
  const facts = { ...createFormFacts({ content: 'full', maxBytes: 100 }), ...parts }
  const read = readForm(
    formType,
    facts,
    createGuard((cause) => failures.push(cause)),
  )
  for (const byte of bytes) read?.(Buffer.from([byte]))
  read?.(bytes)
  await nextTurn()
  expect(failures).toEqual([new Error('broken')])
})
