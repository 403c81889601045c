import type { JsonObject } from '../../../shared/json.ts'
import { omitUndefined, type WithoutUndefined } from '../../../shared/omit-undefined.ts'
import type { CallError } from '../../../shared/record/record.ts'
import type { Usage } from '../../../shared/record/usage.ts'
import { nameOf } from '../capture/text.ts'
import { readUsage } from '../usage/usage.ts'
import { eventError } from './event-error.ts'
import { createEventUsage } from './event-usage.ts'

/** What every dialect tells in the same places, gathered over all events of an answer. */
export type Facts = {
  see(event: JsonObject): void
  read(): WithoutUndefined<Gathered> & { readonly usage: Usage }
}

type Gathered = {
  readonly model: string | undefined
  readonly id: string | undefined
  readonly error: CallError | undefined
}

/**
 * The model is the last one named, as routers name their alias first; the id is the first one given, as some
 * providers make one per chunk. Azure opens its streams with both empty.
 */
export function createFacts(): Facts {
  let model: string | undefined
  let id: string | undefined
  let error: CallError | undefined
  const usage = createEventUsage()

  return {
    see(event) {
      model = nameOf(event.model) ?? model
      id ??= nameOf(event.id)
      usage.see(event)
      error ??= eventError(event)
    },
    read: () => ({ ...omitUndefined({ model, id, error }), usage: readUsage(usage.read(), model) }),
  }
}
