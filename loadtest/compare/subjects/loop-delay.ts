/** Node's histogram holds the times between two looks of a timer, the timer's own 10 ms among them. */
export const withoutInterval = (ms: number): number => Math.max(0, ms - lookEveryMs)

export const lookEveryMs = 10
