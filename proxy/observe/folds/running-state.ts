/** True for the state of a stored or background response that has no result yet. */
export const isRunning = (state: string | undefined): boolean => state === 'queued' || state === 'in_progress'
