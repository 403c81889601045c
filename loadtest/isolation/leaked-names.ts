import type { Attribution } from './plan.ts'

const anyName = /(?:thread|session|user|agent|tag|mark|word)-[0-9a-f]{8}/g

/** @returns the names in the text that belong to another call */
export function leakedNames(text: string, word: string, attribution: Attribution): readonly string[] {
  const own = new Set([word, ...Object.values(attribution).flat()])
  return [...new Set(text.match(anyName))].filter((name) => !own.has(name))
}
