import { type DetailOptions, detail } from '../listing/detail.ts'
import { noCalls } from '../listing/listing.ts'
import type { Outcome } from '../terminal/outcome.ts'
import { callText } from './call-text.ts'

/** One call in full. @throws CommandFailed where there is none */
export const showCall = (options: DetailOptions): Promise<Outcome> =>
  detail(options, {
    newestId: async (store) => (await store.calls({ limit: 1 }))[0]?.id,
    find: (store, id) => store.call(id),
    emptyText: () => noCalls,
    unknownText: (id) =>
      `No call "${id}" is kept here: threadtap calls lists those that are, each by the end of its id.`,
    text: (call) => callText(call, options),
  })
