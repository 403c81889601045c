import type { Whose } from './plan.ts'

const anyName = /(?:thread|session|user|agent|tag|mark|word)-[0-9a-f]{8}/g

/** @returns every name in the text that belongs to another call than this one, wherever it stands */
export function foreignIn(text: string, word: string, whose: Whose): readonly string[] {
  const own = new Set([word, ...Object.values(whose).flat()])
  return [...new Set(text.match(anyName))].filter((name) => !own.has(name))
}
