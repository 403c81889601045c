/** One instruction of a Dockerfile, as far as ours are written: flags first, then words or a JSON list. */
export type Instruction = {
  readonly keyword: string
  readonly flags: Readonly<Record<string, string>>
  /** All behind keyword and flags, as it stands. */
  readonly rest: string
  readonly words: readonly string[]
}

/** @returns the instructions in order; comments left out, continued lines joined */
export function parseDockerfile(text: string): readonly Instruction[] {
  return text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseInstruction)
}

function parseInstruction(line: string): Instruction {
  const [, keyword = '', behind = ''] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? []
  const flags: Record<string, string> = {}
  let rest = behind
  for (;;) {
    const [flag, name, value] = /^--([\w-]+)=(\S+)\s+/.exec(rest) ?? []
    if (flag === undefined || name === undefined || value === undefined) break
    flags[name] = value
    rest = rest.slice(flag.length)
  }
  return { keyword: keyword.toUpperCase(), flags, rest, words: wordsOf(rest) }
}

const wordsOf = (rest: string): readonly string[] =>
  rest.startsWith('[') ? (JSON.parse(rest) as string[]) : rest.trim().split(/\s+/)
