import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { runCommand } from '../testing/run-command.ts'

const execute = promisify(execFile)

const isInstalled = (shell: string): Promise<boolean> =>
  execute(shell, ['-c', 'exit 0']).then(
    () => true,
    () => false,
  )

/** Runs a shell with the completion loaded. @returns what it printed, word by word */
async function shellWords(shell: string, script: string): Promise<readonly string[]> {
  const file = join(tempDir(), 'completion')
  writeFileSync(file, await runCommand(['completion', shell]))
  const { stdout } = await execute(shell, ['-c', script.replaceAll('FILE', file)])
  return stdout.split(/\s+/).filter((word) => word !== '')
}

/** What bash offers for a line, whose last word is being typed. */
const inBash = (...words: readonly string[]) =>
  shellWords(
    'bash',
    `. FILE; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _threadtap; echo "\${COMPREPLY[@]}"`,
  )

test.each([
  [
    ['threadtap', 'ca'],
    ['calls', 'call'],
  ],
  [
    ['threadtap', 'dead', ''],
    ['list', 'show', 'replay', 'purge', 'help', '--help', '-h'],
  ],
  [
    ['threadtap', 'dead', 'replay', '--a'],
    ['--all', '--admin'],
  ],
  [['threadtap', 'calls', '--thread', 'one', '--j'], ['--json']],
  [['threadtap', 'calls', '--thread', ''], []],
  [
    ['threadtap', 'completion', ''],
    ['bash', 'zsh', 'fish', '--help', '-h'],
  ],
  [['threadtap', '--v'], ['--version']],
])('bash completes %j', async (words, offered) => {
  expect(await inBash(...words)).toEqual(offered)
})

test('zsh takes the script, and offers commands with their descriptions', async ({ skip }) => {
  skip(!(await isInstalled('zsh')), 'zsh is not installed')
  const stub = `compdef() { :; }; _describe() { print -l -- $items; }; . FILE`
  const words = await shellWords('zsh', `${stub}; words=(threadtap dead ''); CURRENT=3; _threadtap`)
  expect(words).toEqual(expect.arrayContaining(['list:list', 'show:show', 'replay:send']))
})

test('fish completes commands and options', async ({ skip }) => {
  skip(!(await isInstalled('fish')), 'fish is not installed')
  expect(await shellWords('fish', `source FILE; complete -C 'threadtap dead re'`)).toContain('replay')
  expect(await shellWords('fish', `source FILE; complete -C 'threadtap calls --thr'`)).toContain('--thread')
})

test('every shell has its script, and any other name is refused', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = await runCommand(['completion', shell])
    for (const word of ['doctor', 'replay', 'completion']) expect(script).toContain(word)
  }
  await expect(runCommand(['completion', 'powershell'])).rejects.toThrow(/bash, zsh, fish/)
})
