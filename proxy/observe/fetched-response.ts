import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { FetchedResponse } from '../../shared/record/served.ts'
import type { Call } from './call.ts'
import type { FoldedResponse } from './folds/fold.ts'

/** A stored response or completion by its id, or what cancels a background one. */
const storedResponse = /\/(responses|completions)\/[^/]+(\/cancel)?\/?$/

/**
 * What a call fetched that another had generated: only POST generates, and a POST to a stored response changes or
 * cancels it. Its tokens are those of the call that generated it, however often it is fetched.
 * @returns undefined where the call generated its response itself, or fetched something that is none
 */
export function fetchedResponse(
  { operation, method, route }: Pick<Call, 'operation' | 'method' | 'route'>,
  response: FoldedResponse | undefined,
): FetchedResponse | undefined {
  if (operation !== 'relay' || response === undefined) return undefined
  const { id, usage, served } = response
  const isStored = storedResponse.test(route) && (method !== 'POST' || namesId(route, id))
  const isReported = usage.provenance !== 'missing'
  if (!(isStored && (isReported || served?.state !== undefined)) && !(isReported && method !== 'POST'))
    return undefined
  return omitUndefined({ id, state: served?.state, usage })
}

const namesId = (route: string, id: string | undefined): boolean =>
  id !== undefined && route.split('/').some((segment) => segment === id || segment === encodeURIComponent(id))
