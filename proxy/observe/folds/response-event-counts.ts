import type { JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { createEventCounts } from './event-counts.ts'
import type { FoldedResponse } from './fold.ts'
import type { Yield } from './output-items.ts'
import { isKnownEventType } from './response-events.ts'

/** Numbers of the events of the Responses API that are not known, or of which nothing was kept. */
export type ResponseEventCounts = {
  /** @returns true when the type is known */
  add(type: string, event: JsonObject, yielded: Yield): boolean
  read(): Pick<FoldedResponse, 'unknownEvents' | 'unusedEvents'>
}

export function createResponseEventCounts(): ResponseEventCounts {
  const unknown = createEventCounts()
  const unused = createEventCounts()

  return {
    add(type, event, yielded) {
      const isKnown = isKnownEventType(type)
      if (!isKnown) unknown.add(type)
      else if (yielded === 'nothing' && carriesContent(event)) unused.add(type)
      return isKnown
    },
    read: () => omitUndefined({ unknownEvents: unknown.read(), unusedEvents: unused.read() }),
  }
}

/** True where an event that was not kept has something to keep; the steps of a tool have nothing. */
const carriesContent = ({ delta, annotation, item, partial_image_b64: picture }: JsonObject): boolean =>
  (delta !== undefined && delta !== '') ||
  annotation !== undefined ||
  item !== undefined ||
  picture !== undefined
