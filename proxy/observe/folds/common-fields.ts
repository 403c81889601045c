import type { JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Usage } from '../../../shared/record/usage.ts'
import { boundedName } from '../capture/text.ts'
import { readUsage } from '../usage/usage.ts'
import { createEventCost } from './event-cost.ts'
import { eventError } from './event-error.ts'
import { createEventUsage } from './event-usage.ts'
import { isFinishReason } from './failure-reasons.ts'
import type { FoldedResponse } from './fold.ts'
import { createServedFacts } from './served-facts.ts'

/** The fields that all dialects share, over all events of a response. */
export type CommonFields = {
  add(event: JsonObject): void
  read(): Pick<FoldedResponse, 'model' | 'id' | 'error' | 'usage' | 'served'>
}

/**
 * The last model wins, as routers name their alias first; the first id wins, as some providers generate one per
 * chunk. Azure opens its streams with both empty.
 * @param kind `generation` where there are output tokens in each complete response; `document` where a cost may be
 * that of something else
 */
export function createCommonFields(kind: 'generation' | 'document' | 'other' = 'other'): CommonFields {
  let model: string | undefined
  let id: string | undefined
  let error: FoldedResponse['error']
  const usage = createEventUsage()
  const cost = createEventCost()
  const served = createServedFacts()

  return {
    add(event) {
      model = boundedName(event.model) ?? model
      id ??= boundedName(event.id)
      usage.add(event)
      cost.add(event)
      served.add(event)
      // A finish reason says less than an error that comes after it.
      if (error === undefined || isFinishReason(error)) error = eventError(event) ?? error
    },
    read: () =>
      omitUndefined({
        model,
        id,
        error,
        served: served.read(),
        usage: withCost(
          readUsage(usage.read(), model, kind === 'generation'),
          kind === 'document' ? undefined : cost.read(),
        ),
      }),
  }
}

/** A cost in the usage takes precedence over one beside it. */
function withCost(usage: Usage, cost: number | undefined): Usage {
  if (cost === undefined || (usage.provenance !== 'missing' && usage.cost !== undefined)) return usage
  return usage.provenance === 'missing' ? { provenance: 'provider', cost } : { ...usage, cost }
}
