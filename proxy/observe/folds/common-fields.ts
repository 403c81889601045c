import type { JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { boundedName } from '../capture/text.ts'
import { readUsage } from '../usage/usage.ts'
import { eventError } from './event-error.ts'
import { createEventUsage } from './event-usage.ts'
import type { FoldedResponse } from './fold.ts'

/** The fields that all dialects share, over all events of a response. */
export type CommonFields = {
  add(event: JsonObject): void
  read(): Pick<FoldedResponse, 'model' | 'id' | 'error' | 'usage'>
}

/**
 * The last model wins, as routers name their alias first; the first id wins, as some providers generate one per
 * chunk. Azure opens its streams with both empty.
 * @param kind `generation` where there are output tokens in each complete response
 */
export function createCommonFields(kind: 'generation' | 'other' = 'other'): CommonFields {
  let model: string | undefined
  let id: string | undefined
  let error: FoldedResponse['error']
  const usage = createEventUsage()

  return {
    add(event) {
      model = boundedName(event.model) ?? model
      id ??= boundedName(event.id)
      usage.add(event)
      error ??= eventError(event)
    },
    read: () => ({
      ...omitUndefined({ model, id, error }),
      usage: readUsage(usage.read(), model, kind === 'generation'),
    }),
  }
}
