// What capture puts into a record in the place of what it left out. Sinks have to know it again.

/** Stands in a list for the entries that were left out: `[3 more entries]`. */
export const entriesMark = (count: number): string => `[${count} more entries]`

/** The field of an object whose value says how many others were left out. */
export const missingFields = '…'

/** The value of that field: `[3 more fields]`. */
export const fieldsMark = (count: number): string => `[${count} more fields]`

/** @returns how many entries or fields a mark stands for; undefined of any other text */
export function countLeftOut(text: string): number | undefined {
  const count = /^\[(\d+) more (?:entries|fields)\]$/.exec(text)?.[1]
  return count === undefined ? undefined : Number(count)
}
