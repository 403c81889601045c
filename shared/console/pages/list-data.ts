import type { Found } from '../../admin/call-search.ts'
import type { Parameters } from '../parts/filter-form.tsx'

/** What a page with a list shows. */
export type ListData<T> = Found<T> & {
  /** What the address asks for. */
  readonly parameters: Parameters
  /** Rows of a full page. */
  readonly limit: number
  /** What of the address was not understood, in a sentence. */
  readonly wrong?: string
  readonly now: number
}
