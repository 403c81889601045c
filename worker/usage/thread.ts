import { parentPort } from 'node:worker_threads'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'

// The thread of token-counter.ts. One vocabulary for all models: makers that withhold usage do not publish
// theirs either, and each takes 65 MB.

/** The mark of an end of text is text here, as somebody wrote it. */
const nothingSpecial = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() }

parentPort?.on('message', ({ id, lists }: { id: number; lists: readonly (readonly string[])[] }) => {
  const counts = lists.map((pieces) =>
    pieces.reduce((sum, piece) => sum + countTokens(piece, nothingSpecial), 0),
  )
  parentPort?.postMessage({ id, counts })
})
