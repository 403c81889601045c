/** Where the queue is in Redis: QUEUE_NAME and QUEUE_PREFIX. */
export type QueueNames = { readonly queueName: string; readonly prefix: string }

/** What BullMQ carries: one pack per job, under the pack's id. */
export type PackJob = { readonly pack: string; readonly records: number }

/** Hash of what became of one proxy's records; in the same slot of a cluster as the queue itself. */
export function settledKey({ prefix, queueName }: QueueNames, origin: string): string {
  return `${prefix}:${queueName}:settled:${origin}`
}

/** Says how far a pack was counted already. */
export function settledMarkerKey(names: QueueNames, origin: string, packId: string): string {
  return `${settledKey(names, origin)}:${packId}`
}

/** BullMQ's own lists: jobs that wait, and jobs that wait for a time to come. */
export function waitingKeys({ prefix, queueName }: QueueNames) {
  return { wait: `${prefix}:${queueName}:wait`, delayed: `${prefix}:${queueName}:delayed` }
}
