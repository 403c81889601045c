/** When chunks or events arrived, in ms of the monotonic clock. */
export class ArrivalTimes {
  #count = 0
  #firstAt: number | undefined
  #lastAt = 0
  #largestGapMs = 0
  #largestGapAt: number | undefined

  add(at: number): void {
    if (this.#firstAt === undefined) this.#firstAt = at
    else if (at - this.#lastAt > this.#largestGapMs) {
      this.#largestGapMs = at - this.#lastAt
      this.#largestGapAt = this.#lastAt
    }
    this.#lastAt = at
    this.#count += 1
  }

  get count(): number {
    return this.#count
  }

  get firstAt(): number | undefined {
    return this.#firstAt
  }

  /** The longest time between two arrivals; 0 where there were fewer than two. */
  get largestGapMs(): number {
    return this.#largestGapMs
  }

  /** When it began. */
  get largestGapAt(): number | undefined {
    return this.#largestGapAt
  }

  get lastAt(): number | undefined {
    return this.#count === 0 ? undefined : this.#lastAt
  }
}
