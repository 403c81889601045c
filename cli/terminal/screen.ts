import { type Paint, plain } from './palette.ts'

/** What a command's output is made for. */
export type Screen = {
  /** Columns; Infinity where the output is not a terminal. */
  readonly width: number
  readonly paint?: Paint
  /** ms since 1970 */
  readonly now: number
}

export const paintOf = ({ paint = plain }: Pick<Screen, 'paint'>): Paint => paint
