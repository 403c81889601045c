import type { Found, Search } from '../../shared/admin/call-search.ts'

/** A search pauses after so many calls and bytes: goes on until there are enough, or nothing is left to look at. */
export async function searchToLimit<T>(
  find: (search: Search) => Promise<Found<T>>,
  search: Search,
): Promise<readonly T[]> {
  const all: T[] = []
  let { before } = search
  do {
    const page: Found<T> = await find({
      ...search,
      limit: search.limit - all.length,
      ...(before !== undefined && { before }),
    })
    all.push(...page.found)
    before = page.next
  } while (before !== undefined && all.length < search.limit)
  return all
}
