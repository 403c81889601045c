/** The queue's place in Redis: QUEUE_NAME and QUEUE_PREFIX. */
export type QueueNames = { readonly queueName: string; readonly prefix: string }

/** The data of a BullMQ job: one pack per job, under the pack's id. */
export type PackJob = { readonly pack: string; readonly records: number }

/** List of what workers report to one proxy; in the same cluster slot as the queue itself. */
export function outcomesKey({ prefix, queueName }: QueueNames, origin: string): string {
  return `${prefix}:${queueName}:outcomes:${origin}`
}

/** BullMQ's hash of one job; its field `timestamp` is when it was added, ms since 1970. */
export function jobKey({ prefix, queueName }: QueueNames, id: string): string {
  return `${prefix}:${queueName}:${id}`
}

/** BullMQ's own keys: the list of waiting jobs, the sorted set of delayed ones, and the list of those with a worker. */
export function waitingKeys({ prefix, queueName }: QueueNames) {
  const key = `${prefix}:${queueName}`
  return { wait: `${key}:wait`, delayed: `${key}:delayed`, active: `${key}:active` }
}
