import { type CommandTree, flagsOf } from '../../../cli/completion/command-tree.ts'

/** What a page gives people to type: the lines of its fences, and its spans of code. */
export function typedLines(text: string): readonly string[] {
  const fences = [...text.matchAll(/^ *```[^\n]*\n(.*?)^ *```/gms)].map(([, inside = '']) => inside)
  const prose = text.replace(/^ *```.*?^ *```/gms, '')
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, inside = '']) => inside)
  return [...fences.flatMap((fence) => fence.split('\n')), ...spans].map((line) => line.replace(/ +#.*$/, ''))
}

/** @returns the words after each `threadtap` that a line runs: `['dead', 'show', '<id>']` */
export function threadtapArguments(line: string): readonly (readonly string[])[] {
  const runs = line.matchAll(/(?:^|npx |\$\(|&& |[A-Z_]+=\S+ )threadtap ([^|;&)"]+)/g)
  return [...runs].map(([, words = '']) => words.trim().split(/\s+/))
}

/** @returns what is wrong with the words, as the program's own table of commands and options sees it */
export function wrongWord(words: readonly string[], tree: CommandTree): string | undefined {
  const [word, ...rest] = words
  if (word === undefined) return undefined
  const command = tree.commands.find(({ name }) => name === word)
  if (command !== undefined) return wrongWord(rest, command)
  if (tree.commands.length > 0 && /^[a-z]/.test(word)) return word
  const known = new Set(flagsOf(tree))
  return words.find((flag) => flag.startsWith('-') && !known.has(flag.split('=')[0] ?? flag))
}

/** @returns the scripts of package.json that a line runs */
export const npmScripts = (line: string): readonly string[] => [
  ...[...line.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name),
  ...[...line.matchAll(/npm (start|test)\b/g)].map(([, name = '']) => name),
]
