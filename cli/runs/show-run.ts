import { type DetailOptions, detail } from '../listing/detail.ts'
import type { Outcome } from '../terminal/outcome.ts'
import { noRunsText } from './list-runs.ts'
import { runText } from './run-text.ts'

/** One agent run as a tree; the id may be that of one of its calls. @throws CommandFailed where there is none */
export const showRun = (options: DetailOptions): Promise<Outcome> =>
  detail(options, {
    newestId: async (store) => (await store.runs({ limit: 1 }))[0]?.id,
    find: (store, id) => store.run(id),
    emptyText: noRunsText,
    unknownText: (id) =>
      `No run "${id}" is kept here: threadtap runs lists those that are, each by the end of its id.`,
    text: (run) => runText(run, options),
  })
