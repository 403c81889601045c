import { listPath } from '../addresses/paths.ts'
import type { Parameters } from './filter-form.tsx'

type PagerProps = {
  readonly path: string
  readonly parameters: Parameters
  readonly next: string | undefined
  /** Whether the page is full: else the search has paused before it was. */
  readonly isFull: boolean
}

/** Leads on to what is older, and back to the newest. */
export function Pager({ path, parameters, next, isFull }: PagerProps) {
  const { before } = parameters
  if (before === undefined && next === undefined) return null
  return (
    <nav class="pager" aria-label="More of the list">
      {before !== undefined && (
        <a href={listPath(path, { ...parameters, before: undefined })} rel="first" data-first>
          Newest
        </a>
      )}
      {next !== undefined && (
        <a href={listPath(path, { ...parameters, before: next })} rel="next" data-next>
          {isFull ? 'Older' : 'Not all was looked at yet: search further back'}
        </a>
      )}
    </nav>
  )
}
