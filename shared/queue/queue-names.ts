/** The queue's place in Redis: QUEUE_NAME and QUEUE_PREFIX. */
export type QueueNames = { readonly queueName: string; readonly prefix: string }

/** The data of a BullMQ job: one pack per job, under the pack's id. */
export type PackJob = { readonly pack: string; readonly records: number }

/** Hash of the outcomes of one proxy's records; in the same cluster slot as the queue itself. */
export function settledKey({ prefix, queueName }: QueueNames, origin: string): string {
  return `${prefix}:${queueName}:settled:${origin}`
}

/** How many records of a pack are not counted yet. */
export function settledMarkerKey(names: QueueNames, origin: string, packId: string): string {
  return `${settledKey(names, origin)}:${packId}`
}

/** BullMQ's own keys: the list of waiting jobs, and the sorted set of delayed ones. */
export function waitingKeys({ prefix, queueName }: QueueNames) {
  return { wait: `${prefix}:${queueName}:wait`, delayed: `${prefix}:${queueName}:delayed` }
}
