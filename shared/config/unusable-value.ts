/** Thrown for a text that a setting cannot have. The message completes "PORT must be ...". */
export class UnusableValue extends Error {
  override readonly name = 'UnusableValue'
  /** What was probably meant. */
  readonly instead: string | undefined

  constructor(expected: string, instead?: string) {
    super(expected)
    this.instead = instead
  }
}
