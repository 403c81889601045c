import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Output } from '../../../shared/record/output.ts'
import { boundedName } from '../capture/text.ts'
import { type CommonFields, createCommonFields } from './common-fields.ts'
import { createMessagesUsage } from './messages-usage.ts'

/** What a message of the Messages API has beside its content: whose it is, why it stopped, what it used. */
export type MessagesFrame = {
  /** @param isFinal false for the message at the start of a stream */
  begin(message: JsonObject, isFinal: boolean): void
  /** Takes a `message_delta`. */
  addDelta(event: JsonObject): void
  addError(event: JsonObject): void
  /** Takes a block that may say that another model takes over within the message; the last one served it. */
  addFallback(block: JsonObject): void
  /** True once a reason to stop has come. */
  readonly stopped: boolean
  readFields(): ReturnType<CommonFields['read']>
  readStop(): Omit<Extract<Output, { readonly kind: 'message' }>, 'kind' | 'content'>
}

export function createMessagesFrame(): MessagesFrame {
  const common = createCommonFields()
  const usage = createMessagesUsage()
  let role: string | undefined
  let stop: JsonObject = {}

  function addStop(delta: Json | undefined): void {
    if (isJsonObject(delta) && delta.stop_reason != null) stop = delta
  }

  /** The tier and the speed at which the message was served stand with its counts. */
  function addCounts(counts: Json | undefined, isFinal: boolean): void {
    usage.add(counts, isFinal)
    const { service_tier: tier, speed } = isJsonObject(counts) ? counts : {}
    if (tier !== undefined || speed !== undefined) common.add(omitUndefined({ service_tier: tier, speed }))
  }

  return {
    begin(message, isFinal) {
      const { usage: counts, ...fields } = message
      common.add(fields)
      addCounts(counts, isFinal)
      role = boundedName(message.role) ?? role
      addStop(message)
    },
    addDelta(event) {
      addStop(event.delta)
      addCounts(event.usage, true)
    },
    addError: common.add,
    addFallback({ type, to }) {
      if (type === 'fallback' && isJsonObject(to)) common.add({ model: to.model })
    },
    get stopped() {
      return stop.stop_reason !== undefined
    },
    readFields() {
      const { usage: _, ...fields } = common.read()
      return { ...fields, usage: usage.read(fields.model) }
    },
    readStop: () =>
      omitUndefined({
        role,
        finishReason: boundedName(stop.stop_reason),
        stopSequence: boundedName(stop.stop_sequence),
        stopDetails: isJsonObject(stop.stop_details) ? stop.stop_details : undefined,
      }),
  }
}
