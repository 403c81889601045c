import { expect, test } from 'vitest'
import { createProgram } from './program.ts'
import { plain } from './terminal/palette.ts'

const cli = { env: {}, width: 80, paint: plain, now: 0, run: () => Promise.reject(new Error('ran')) }

/** @returns what is printed for arguments that only ask for text */
async function printed(...args: readonly string[]): Promise<string> {
  let text = ''
  const program = await createProgram(cli, args)
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: (more) => (text += more) })
  }
  await expect(program.parseAsync(args, { from: 'user' })).rejects.toMatchObject({ exitCode: 0 })
  return text
}

test('--version prints the version alone, without starting anything', async () => {
  expect(await printed('--version')).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('the help lists every command, loaded or not', async () => {
  const help = await printed('--help')
  const names = 'start proxy worker doctor calls call logs threads dead completion'
  for (const name of names.split(' ')) expect(help).toMatch(new RegExp(`^  ${name} .*\\w`, 'm'))
})

test.each([
  ['calls', '--help'],
  ['help', 'calls'],
])('the help of a command shows its options: threadtap %s %s', async (...args) => {
  expect(await printed(...args)).toMatch(/Usage: threadtap calls[\s\S]*--thread <id>/)
})
