/** @returns the places of the items that `wanted` is true for */
export function indexesOf<T>(items: readonly T[], wanted: (item: T) => boolean): readonly number[] {
  return items.flatMap((item, place) => (wanted(item) ? [place] : []))
}

/** @returns the items at these places, in their order */
export function pick<T>(items: readonly T[], places: readonly number[]): readonly T[] {
  return places.flatMap((place) => items.slice(place, place + 1))
}
