/** First in, first out, at a constant cost per item: `Array.shift` moves every remaining item. */
export type Fifo<T> = {
  push(item: T): void
  shift(): T | undefined
  readonly size: number
  values(): readonly T[]
}

export function createFifo<T>(): Fifo<T> {
  let items: T[] = []
  let head = 0

  function shift(): T | undefined {
    if (head === items.length) return undefined
    const item = items[head++]
    if (head > 1_000 && head * 2 > items.length) {
      items = items.slice(head)
      head = 0
    }
    return item
  }

  return {
    push: (item) => {
      items.push(item)
    },
    shift,
    get size() {
      return items.length - head
    },
    values: () => items.slice(head),
  }
}
