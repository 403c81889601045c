import { type CommandTree, withPaths } from './command-tree.ts'

/** A completion script for fish (complete(1) of its documentation). */
export function fishCompletion(tree: CommandTree): string {
  const lines = withPaths(tree).flatMap(({ path, tree: command }) => linesOf(tree.name, path, command))
  return `# Completion of ${tree.name} for fish: ${tree.name} completion fish > ~/.config/fish/completions/${tree.name}.fish
complete -c ${tree.name} -f
${lines.join('\n')}
`
}

function linesOf(program: string, path: string, { commands, choices, options }: CommandTree): string[] {
  const start = `complete -c ${program} -n ${quoted(conditionOf(path, commands))}`
  return [
    ...commands.map(({ name, description }) => `${start} -a ${name} -d ${quoted(description)}`),
    ...choices.map((word) => `${start} -a ${word}`),
    ...options.map(({ flags, description, takesValue }) => {
      const names = flags.map((flag) =>
        flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
      )
      return `${start} ${names.join(' ')}${takesValue ? ' -x' : ''} -d ${quoted(description)}`
    }),
  ]
}

/** Seen is every command of the path, and none below it. */
function conditionOf(path: string, commands: CommandTree['commands']): string {
  const seen = path.split('/').filter((name) => name !== '')
  const below = commands.map(({ name }) => name).join(' ')
  return [
    ...seen.map((name) => `__fish_seen_subcommand_from ${name}`),
    ...(below === '' ? [] : [`not __fish_seen_subcommand_from ${below}`]),
  ].join('; and ')
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
