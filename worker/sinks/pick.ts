/** @returns the indexes of the items that match */
export function indexesOf<T>(items: readonly T[], matches: (item: T) => boolean): readonly number[] {
  return items.flatMap((item, index) => (matches(item) ? [index] : []))
}

/** @returns the items at these indexes, in their order */
export function pick<T>(items: readonly T[], indexes: readonly number[]): readonly T[] {
  return indexes.flatMap((index) => items.slice(index, index + 1))
}
