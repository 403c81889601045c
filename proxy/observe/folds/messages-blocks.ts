import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { type ByteAllowance, trySpend } from '../capture/byte-allowance.ts'
import type { GrowingText } from '../capture/growing-text.ts'
import { jsonSize } from '../capture/json-size.ts'
import { boundedName } from '../capture/text.ts'
import { type Addition, blockTypeOf, ContentBlock, emptyBlockBytes } from './messages-block.ts'
import { validIndex } from './valid-index.ts'

/** The content blocks of a message while its events come in. */
export type ContentBlocks = {
  start(event: JsonObject): Addition
  addDelta(event: JsonObject): Addition
  read(): readonly Json[]
  /** What grows with deltas, block by block. */
  texts(): readonly GrowingText[]
}

/** Further blocks are dropped; no message has as many. */
const maxBlocks = 1_024

export function createContentBlocks(allowance: ByteAllowance): ContentBlocks {
  const blocks = new Map<number, ContentBlock>()

  /** A delta without an index belongs to the block before it. */
  const indexOf = (event: JsonObject): number => validIndex(event.index) ?? Math.max(blocks.size - 1, 0)

  function start(event: JsonObject): Addition {
    const block = event.content_block
    if (!isJsonObject(block)) return 'known'
    const index = validIndex(event.index) ?? blocks.size
    begin(index, block)
    return isEmptyText(block) ? 'known' : 'generated'
  }

  /** Where a block does not fit, its type is kept: a result of a tool that the provider ran may be very large. */
  function begin(index: number, block: JsonObject): ContentBlock | undefined {
    const known = blocks.get(index)
    if (known === undefined && blocks.size === maxBlocks) return undefined
    const size = Math.max(jsonSize(block), emptyBlockBytes)
    const fits = trySpend(allowance, size, known?.spent)
    if (!fits && !trySpend(allowance, emptyBlockBytes, known?.spent)) return undefined
    const started = fits
      ? new ContentBlock(block, size)
      : new ContentBlock({ type: boundedName(block.type) }, emptyBlockBytes)
    blocks.set(index, started)
    return started
  }

  function addDelta(event: JsonObject): Addition {
    if (!isJsonObject(event.delta)) return 'known'
    const type = blockTypeOf(event.delta)
    if (type === undefined) return 'unknown'
    const index = indexOf(event)
    const block = blocks.get(index) ?? begin(index, { type })
    return block?.addDelta(event.delta, allowance) ?? 'known'
  }

  return {
    start,
    addDelta,
    read: () => [...blocks].sort(([a], [b]) => a - b).map(([, block]) => block.read()),
    texts: () => [...blocks.values()].flatMap((block) => block.texts()),
  }
}

/** Text and thinking begin empty and are filled by deltas; every other block begins with something of the model's. */
const isEmptyText = ({ type, text, thinking }: JsonObject): boolean =>
  (type === 'text' && !text) || (type === 'thinking' && !thinking)
