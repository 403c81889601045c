import { wrap } from './wrap.ts'

/** What a command says in words instead of a table: broken between words at the width, with a line end. */
export const sentence = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => wrap(line, width))
    .map((line) => `${line}\n`)
    .join('')
