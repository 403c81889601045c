import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Output } from '../../../shared/record/output.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { boundedName } from '../capture/text.ts'
import { createCommonFields } from './common-fields.ts'
import { createEventCounts } from './event-counts.ts'
import type { Fold } from './fold.ts'
import { createContentBlocks } from './messages-blocks.ts'
import { createMessagesUsage } from './messages-usage.ts'

/**
 * Anthropic's Messages API: a stream of typed events around one message of content blocks, or that message alone.
 * The blocks keep the provider's shape. What comes after `message_stop` is not part of the message.
 */
export function messagesFold(allowance: ByteAllowance): Fold {
  const common = createCommonFields()
  const usage = createMessagesUsage()
  const blocks = createContentBlocks(allowance)
  const unknown = createEventCounts()
  let wholeContent: readonly Json[] | undefined
  let role: string | undefined
  let stop: JsonObject = {}
  let ended = false

  function add(event: Json): boolean {
    if (!isJsonObject(event) || ended) return false
    switch (event.type) {
      case 'message_start':
        if (isJsonObject(event.message)) begin(event.message, false)
        return false
      case 'content_block_start':
        if (isJsonObject(event.content_block)) addFallback(event.content_block)
        return blocks.start(event) === 'generated'
      case 'content_block_delta':
        return addDelta(event)
      case 'message_delta':
        addStop(event.delta)
        usage.add(event.usage, true)
        return false
      case 'message_stop':
        ended = true
        return false
      case 'ping':
      case 'content_block_stop':
        return false
      case 'error':
        common.add(event)
        return false
      case 'message':
      case undefined:
        return addWhole(event)
      default:
        unknown.addType(event.type)
        return false
    }
  }

  function begin(message: JsonObject, isFinal: boolean): void {
    const { usage: counts, ...fields } = message
    common.add(fields)
    usage.add(counts, isFinal)
    role = boundedName(message.role) ?? role
    addStop(message)
  }

  /** A message that is not streamed, or what could be read of one that was too long. */
  function addWhole(message: JsonObject): boolean {
    begin(message, true)
    if (!Array.isArray(message.content)) return false
    wholeContent = message.content
    ended = true
    return true
  }

  function addDelta(event: JsonObject): boolean {
    const addition = blocks.addDelta(event)
    if (addition === 'unknown' && isJsonObject(event.delta)) unknown.addType(event.delta.type)
    return addition === 'generated'
  }

  function addStop(delta: Json | undefined): void {
    if (isJsonObject(delta) && delta.stop_reason != null) stop = delta
  }

  /** Another model takes over within the message; the last one served it. */
  function addFallback({ type, to }: JsonObject): void {
    if (type === 'fallback' && isJsonObject(to)) common.add({ model: to.model })
  }

  function output(): Output | undefined {
    const content = wholeContent ?? blocks.read()
    if (content.length === 0 && !ended) return undefined
    return {
      kind: 'message',
      content,
      ...omitUndefined({
        role,
        finishReason: boundedName(stop.stop_reason),
        stopSequence: boundedName(stop.stop_sequence),
        stopDetails: isJsonObject(stop.stop_details) ? stop.stop_details : undefined,
      }),
    }
  }

  return {
    add,
    result() {
      const { usage: _, ...fields } = common.read()
      return {
        ...fields,
        usage: usage.read(fields.model),
        ...omitUndefined({ output: output(), unknownEvents: unknown.read() }),
        ended: ended || stop.stop_reason !== undefined,
      }
    },
  }
}
