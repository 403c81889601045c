import type { Command } from 'commander'

/** A command as a shell has to know it. */
export type CommandTree = {
  readonly name: string
  readonly description: string
  readonly options: readonly CommandOption[]
  /** Values of its first argument, where these are a closed set. */
  readonly choices: readonly string[]
  readonly commands: readonly CommandTree[]
}

export type CommandOption = {
  /** `--json`, `-h` */
  readonly flags: readonly string[]
  readonly description: string
  readonly takesValue: boolean
}

/** Reads the program's own table of commands and options, help and version included. */
export function commandTree(command: Command): CommandTree {
  const help = command.createHelp()
  return {
    name: command.name(),
    description: command.description(),
    options: help.visibleOptions(command).map(({ short, long, description, required, optional }) => ({
      flags: [long, short].filter((flag) => flag !== undefined),
      description,
      takesValue: required || optional,
    })),
    choices: command.registeredArguments[0]?.argChoices ?? [],
    commands: help.visibleCommands(command).map(commandTree),
  }
}

/** Every command of a tree with the path to it: `''`, `/dead`, `/dead/list`. */
export function withPaths(
  tree: CommandTree,
  path = '',
): readonly { readonly path: string; readonly tree: CommandTree }[] {
  return [
    { path, tree },
    ...tree.commands.flatMap((command) => withPaths(command, `${path}/${command.name}`)),
  ]
}

export const flagsOf = ({ options }: CommandTree): readonly string[] => options.flatMap(({ flags }) => flags)

/** Flags after which comes a value, anywhere in the tree. */
export function valueFlags(tree: CommandTree): readonly string[] {
  const options = withPaths(tree).flatMap(({ tree: { options } }) => options)
  return [...new Set(options.filter(({ takesValue }) => takesValue).flatMap(({ flags }) => flags))]
}
