import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Output } from '../../../shared/record/output.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { createEventCounts, type EventCounts } from './event-counts.ts'
import type { Fold } from './fold.ts'
import { type ContentBlocks, createContentBlocks } from './messages-blocks.ts'
import { createMessagesFrame, type MessagesFrame } from './messages-frame.ts'
import { progressOf } from './progress.ts'

/**
 * Anthropic's Messages API: a stream of typed events around one message of content blocks, or that message alone.
 * The blocks keep the provider's shape. What comes after `message_stop` is not part of the message.
 */
export function messagesFold(allowance: ByteAllowance): Fold {
  const frame = createMessagesFrame()
  const blocks = createContentBlocks(allowance)
  const unknown = createEventCounts()
  let wholeContent: readonly Json[] | undefined
  let ended = false

  function add(event: Json): boolean {
    if (!isJsonObject(event) || ended) return false
    switch (event.type) {
      case 'message_start':
        if (isJsonObject(event.message)) frame.begin(event.message, false)
        return false
      case 'content_block_start':
        if (isJsonObject(event.content_block)) frame.addFallback(event.content_block)
        return blocks.start(event) === 'generated'
      case 'content_block_delta':
        return addDelta(event, blocks, unknown)
      case 'message_delta':
        frame.addDelta(event)
        return false
      case 'message_stop':
        ended = true
        return false
      case 'ping':
      case 'content_block_stop':
        return false
      case 'error':
        frame.addError(event)
        return false
      case 'message':
      case undefined:
        return addWhole(event)
      default:
        unknown.addType(event.type)
        return false
    }
  }

  /** A message that is not streamed, or what could be read of one that was too long. */
  function addWhole(message: JsonObject): boolean {
    frame.begin(message, true)
    if (!Array.isArray(message.content)) return false
    wholeContent = message.content
    ended = true
    return true
  }

  return {
    add,
    result() {
      const output = outputOf(wholeContent ?? blocks.read(), frame, ended)
      const found = omitUndefined({ output, unknownEvents: unknown.read() })
      return { ...frame.readFields(), ...found, ended: ended || frame.stopped }
    },
    progress: () => progressOf(blocks.texts(), frame.readFields().usage),
  }
}

function addDelta(event: JsonObject, blocks: ContentBlocks, unknown: EventCounts): boolean {
  const addition = blocks.addDelta(event)
  if (addition === 'unknown' && isJsonObject(event.delta)) unknown.addType(event.delta.type)
  return addition === 'generated'
}

function outputOf(content: readonly Json[], frame: MessagesFrame, ended: boolean): Output | undefined {
  if (content.length === 0 && !ended) return undefined
  return { kind: 'message', content, ...frame.readStop() }
}
