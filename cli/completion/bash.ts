import { type CommandTree, flagsOf, valueFlags, withPaths } from './command-tree.ts'

/** A completion script for bash (compgen and complete of its manual, "Programmable Completion"). */
export function bashCompletion(tree: CommandTree): string {
  const commands = withPaths(tree)
  const paths = commands.flatMap(({ path }) => (path === '' ? [] : [path]))
  const cases = commands.map(({ path, tree: command }) => {
    const words = [...command.commands.map(({ name }) => name), ...command.choices, ...flagsOf(command)]
    return `    '${path}') words='${words.join(' ')}' ;;`
  })
  return `# Completion of ${tree.name} for bash. In ~/.bashrc: eval "$(${tree.name} completion bash)"
_${tree.name}() {
  local path='' words='' word
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    ${valueFlags(tree).join('|')}) COMPREPLY=(); return ;;
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path/$word" in
      ${paths.join('|')}) path="$path/$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _${tree.name} ${tree.name}
`
}
