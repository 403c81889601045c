import { parentPort } from 'node:worker_threads'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import type { ThreadMessage } from './counting-thread.ts'

// The thread of token-counter.ts. One vocabulary for all models: providers that withhold usage do not publish
// their vocabulary either, and each takes 65 MB.

/** Special tokens such as `<|endoftext|>` count as ordinary text. */
const withoutSpecialTokens = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() }

const post = (message: ThreadMessage): void => parentPort?.postMessage(message)

parentPort?.on('message', ({ id, lists }: { id: number; lists: readonly (readonly string[])[] }) => {
  const counts = lists.map((texts) =>
    texts.reduce((sum, text) => sum + countTokens(text, withoutSpecialTokens), 0),
  )
  post({ id, counts })
})

post({ ready: true })
