/** Without `:` and not only digits, as BullMQ requires of job ids. */
export function packId(origin: string, number: number): string {
  return `p-${origin}-${number}`
}

/** @returns the origin within a pack's id, or undefined where the id is not of this form */
export function originOf(id: string): string | undefined {
  return /^p-([0-9a-f]+)-\d+$/.exec(id)?.[1]
}

/** @returns the number within the id of a pack of this origin, or undefined for any other id */
export function numberOf(id: string, origin: string): number | undefined {
  const prefix = `p-${origin}-`
  return originOf(id) === origin ? Number(id.slice(prefix.length)) : undefined
}
