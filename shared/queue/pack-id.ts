/** Without `:` and not only digits, as BullMQ requires of job ids. */
export function packId(origin: string, number: number): string {
  return `p-${origin}-${number}`
}

/** @returns the origin within a pack's id, or undefined where the id is not of this form */
export function originOf(id: string): string | undefined {
  return /^p-([0-9a-f]+)-\d+$/.exec(id)?.[1]
}
