/** Columns to assume where the terminal reports none: a pseudo-terminal without a size has 0 (`docker exec -it`, CI). */
const usual = 80

/** @returns columns to write for; Infinity where it is not a terminal, whose reader gets whole lines */
export function widthOf({ isTTY = false, columns = 0 }: { isTTY?: boolean; columns?: number }): number {
  if (!isTTY) return Number.POSITIVE_INFINITY
  return columns > 0 ? columns : usual
}
