import { expect, test } from 'vitest'
import { createProgram } from './program.ts'
import { plain } from './terminal/palette.ts'

test('--version prints the version alone, without starting anything', async () => {
  let printed = ''
  const program = createProgram({
    env: {},
    width: 80,
    paint: plain,
    now: 0,
    run: () => Promise.reject(new Error('ran')),
  })
  program.exitOverride().configureOutput({ writeOut: (text) => (printed += text) })
  await expect(program.parseAsync(['node', 'threadtap', '--version'])).rejects.toMatchObject({ exitCode: 0 })
  expect(printed).toMatch(/^\d+\.\d+\.\d+\n$/)
})
