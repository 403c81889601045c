/**
 * What is kept of calls, from all to least; each step includes those before it. `no_content`: their bodies are read (tokens,
 * ids, errors), and nothing of their content is kept. `metadata`: their bodies are left out. `counts`: calls have no
 * record, and are counted.
 */
export const keptSteps = ['everything', 'no_content', 'metadata', 'counts'] as const

export type Kept = (typeof keptSteps)[number]
