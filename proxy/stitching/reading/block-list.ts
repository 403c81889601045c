import type { Block, ToolRequest, ToolResult } from './conversation.ts'

type Part = Partial<Omit<Block, 'by'>>

/** @returns a turn of the model, also where it said nothing */
export const modelBlock = (part: Part): Block => ({
  ...{ by: 'model', texts: [], calls: [], results: [], keys: [] },
  ...part,
})

/** Collects what both sides said, and joins what one side said in several messages. */
export class BlockList {
  readonly #blocks: {
    by: Block['by']
    texts: string[]
    calls: ToolRequest[]
    results: ToolResult[]
    keys: string[]
  }[] = []

  add(by: Block['by'], { texts = [], calls = [], results = [], keys = [] }: Part): void {
    if (texts.length + calls.length + results.length + keys.length === 0) return
    let last = this.#blocks.at(-1)
    if (last?.by !== by) {
      last = { by, texts: [], calls: [], results: [], keys: [] }
      this.#blocks.push(last)
    }
    last.texts.push(...texts)
    last.calls.push(...calls)
    last.results.push(...results)
    last.keys.push(...keys)
  }

  read(): readonly Block[] {
    return this.#blocks
  }
}
