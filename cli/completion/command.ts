import { Argument, Command } from 'commander'
import type { CliEnvironment } from '../command-line/environment.ts'
import type { CommandTree } from './command-tree.ts'

const shells = ['bash', 'zsh', 'fish'] as const

type Shell = (typeof shells)[number]

export function completionCommand({ run }: CliEnvironment): Command {
  const command = new Command()
  return command.addArgument(new Argument('<shell>').choices(shells)).action((shell: Shell) =>
    run(async () => {
      const { commandTree } = await import('./command-tree.ts')
      const complete = await completionFor(shell)
      return { text: complete(commandTree(command.parent ?? command)), ok: true }
    }),
  )
}

async function completionFor(shell: Shell): Promise<(tree: CommandTree) => string> {
  switch (shell) {
    case 'bash':
      return (await import('./bash.ts')).bashCompletion
    case 'zsh':
      return (await import('./zsh.ts')).zshCompletion
    case 'fish':
      return (await import('./fish.ts')).fishCompletion
  }
}
