import { type CommandTree, valueFlags, withPaths } from './command-tree.ts'

/** A completion script for zsh (zshcompsys(1), `_describe`). */
export function zshCompletion(tree: CommandTree): string {
  const commands = withPaths(tree)
  const paths = commands.flatMap(({ path }) => (path === '' ? [] : [path]))
  const cases = commands.map(({ path, tree: command }) => `    '${path}') items=(${itemsOf(command)}) ;;`)
  return `#compdef ${tree.name}
# Completion of ${tree.name} for zsh. In ~/.zshrc, after compinit: eval "$(${tree.name} completion zsh)"
_${tree.name}() {
  local at='' word
  local -a items
  case "$words[CURRENT-1]" in
    ${valueFlags(tree).join('|')}) return ;;
  esac
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at/$word" in
      ${paths.join('|')}) at="$at/$word" ;;
    esac
  done
  case "$at" in
${cases.join('\n')}
  esac
  _describe -o '${tree.name}' items
}
compdef _${tree.name} ${tree.name}
`
}

function itemsOf({ commands, choices, options }: CommandTree): string {
  const described = [
    ...commands.map(({ name, description }) => ({ word: name, description })),
    ...choices.map((word) => ({ word, description: '' })),
    ...options.flatMap(({ flags, description }) => flags.map((word) => ({ word, description }))),
  ]
  return described
    .map(({ word, description }) => quoted(description === '' ? word : `${word}:${escaped(description)}`))
    .join(' ')
}

const escaped = (text: string): string => text.replaceAll(':', '\\:')

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
