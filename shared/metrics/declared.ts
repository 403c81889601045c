/** A metric, declared once: registered, documented and checked from here. */
export type Declared<Label extends string = string> = {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly name: string
  readonly help: string
  readonly labels: readonly Label[]
  readonly buckets?: readonly number[]
}

export const counter = <const L extends string>(name: string, help: string, ...labels: L[]) =>
  ({ type: 'counter', name, help, labels }) as const

export const gauge = <const L extends string>(name: string, help: string, ...labels: L[]) =>
  ({ type: 'gauge', name, help, labels }) as const

export const histogram = <const L extends string>(
  name: string,
  help: string,
  buckets: readonly number[],
  ...labels: L[]
) => ({ type: 'histogram', name, help, labels, buckets }) as const
