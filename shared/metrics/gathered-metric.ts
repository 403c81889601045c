import type { Declared } from './declared.ts'

/** Called when a metric is scraped, before it is read. */
export type Refresh = () => Promise<void>

export type Labels<L extends string> = Readonly<Record<L, string>>

/** What prom-client's Registry reads of a metric when it is scraped (prom-client/lib/registry.js). */
export type Sample = {
  readonly value: number
  readonly labels: Readonly<Record<string, string | number>>
  readonly metricName?: string
}

/** By the value of one label after the other: a key joined of them would be made and hashed for each observation. */
type Branch<Cell> = { readonly next: Map<string, Branch<Cell>>; cell?: Cell }

function branchOf<Cell>({ next }: Branch<Cell>, value: string): Branch<Cell> {
  const known = next.get(value)
  if (known !== undefined) return known
  const branch: Branch<Cell> = { next: new Map() }
  next.set(value, branch)
  return branch
}

/** Numbers by the values of their labels. A metric without labels has its one cell from the start. */
class Cells<L extends string, Cell> {
  readonly #names: readonly L[]
  readonly #create: () => Cell
  #root: Branch<Cell> = { next: new Map() }
  #list: { readonly labels: Labels<L>; readonly cell: Cell }[] = []

  constructor(names: readonly L[], create: () => Cell) {
    this.#names = names
    this.#create = create
    this.clear()
  }

  at(labels: Labels<L>): Cell {
    let branch = this.#root
    for (const name of this.#names) branch = branchOf(branch, labels[name])
    branch.cell ??= this.#add(labels)
    return branch.cell
  }

  #add(labels: Labels<L>): Cell {
    const cell = this.#create()
    this.#list.push({ labels: { ...labels }, cell })
    return cell
  }

  hide(): void {
    this.#root = { next: new Map() }
    this.#list = []
  }

  clear(): void {
    this.hide()
    if (this.#names.length === 0) this.at(none as Labels<L>)
  }

  list(): readonly { readonly labels: Labels<L>; readonly cell: Cell }[] {
    return this.#list
  }
}

const none: Labels<never> = {}

/**
 * A metric that is gathered in plain numbers and given to prom-client when it is scraped. prom-client's own classes make
 * and hash an object of labels for each observation; with six of them a call, that was a large part of what recording it
 * cost.
 */
abstract class GatheredMetric<L extends string, Cell> {
  readonly name: string
  readonly #declared: Declared<L>
  readonly #refresh: Refresh | undefined
  protected readonly cells: Cells<L, Cell>

  constructor(declared: Declared<L>, refresh: Refresh | undefined, create: () => Cell) {
    this.name = declared.name
    this.#declared = declared
    this.#refresh = refresh
    this.cells = new Cells(declared.labels, create)
  }

  async get(): Promise<object> {
    await this.#refresh?.()
    const { name, help, type } = this.#declared
    return { name, help, type, aggregator: 'sum', values: this.samples() }
  }

  /** Forgets all that was gathered. */
  reset(): void {
    this.cells.clear()
  }

  /** Shows nothing, not even a 0, until it is set again. */
  hide(): void {
    this.cells.hide()
  }

  protected abstract samples(): readonly Sample[]
}

/** A counter or a gauge. */
export class GatheredNumber<L extends string> extends GatheredMetric<L, { value: number }> {
  constructor(declared: Declared<L>, refresh?: Refresh) {
    super(declared, refresh, () => ({ value: 0 }))
  }

  inc(labels: Labels<L>, by = 1): void {
    this.cells.at(labels).value += by
  }

  /** @returns `inc` for these labels, which then need not be looked up again; of a metric that is never reset */
  bound(labels: Labels<L>): (by: number) => void {
    const cell = this.cells.at(labels)
    return (by) => {
      cell.value += by
    }
  }

  set(labels: Labels<L>, value: number): void {
    this.cells.at(labels).value = value
  }

  /**
   * Shows a metric of one label at 0 before anything was counted, so that Prometheus' increase() sees the first event.
   * @param values all that the label can have
   */
  startAtZero(label: L, values: readonly string[]): void {
    for (const value of values) this.inc({ [label]: value } as Labels<L>, 0)
  }

  protected samples(): readonly Sample[] {
    return this.cells.list().map(({ labels, cell }) => ({ value: cell.value, labels }))
  }
}

type HistogramCell = { readonly counts: Float64Array; sum: number }

export class GatheredHistogram<L extends string> extends GatheredMetric<L, HistogramCell> {
  readonly #bounds: readonly number[]

  constructor(declared: Declared<L>, refresh?: Refresh) {
    const bounds = declared.buckets ?? []
    super(declared, refresh, () => ({ counts: new Float64Array(bounds.length + 1), sum: 0 }))
    this.#bounds = bounds
  }

  observe(labels: Labels<L>, value: number): void {
    this.#count(this.cells.at(labels), value, 1)
  }

  /** @returns `observe` for these labels, which then need not be looked up again; of a metric that is never reset */
  bound(labels: Labels<L>): (value: number, times?: number) => void {
    const cell = this.cells.at(labels)
    return (value, times = 1) => this.#count(cell, value, times)
  }

  #count(cell: HistogramCell, value: number, times: number): void {
    let at = 0
    while (at < this.#bounds.length && value > (this.#bounds[at] as number)) at += 1
    cell.counts[at] = (cell.counts[at] as number) + times
    cell.sum += value * times
  }

  /** Takes what was observed elsewhere. @param counts by bucket, the last one beyond all bounds */
  set(
    labels: Labels<L>,
    { counts, sum }: { readonly counts: readonly number[]; readonly sum: number },
  ): void {
    const cell = this.cells.at(labels)
    cell.counts.set(counts)
    cell.sum = sum
  }

  protected samples(): readonly Sample[] {
    return this.cells.list().flatMap(({ labels, cell: { counts, sum } }) => {
      let count = 0
      const buckets = [...this.#bounds, '+Inf'].map((le, at) => {
        count += counts[at] as number
        return { metricName: `${this.name}_bucket`, labels: { le, ...labels }, value: count }
      })
      return [
        ...buckets,
        { metricName: `${this.name}_sum`, labels, value: sum },
        { metricName: `${this.name}_count`, labels, value: count },
      ]
    })
  }
}
