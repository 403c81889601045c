/** Runs what may throw. */
export type Guard = <T>(action: () => T) => T | undefined

/** @returns a guard whose first failure is told, and that runs nothing after it */
export function createGuard(onFailure: (cause: unknown) => void): Guard {
  let hasFailed = false
  return (action) => {
    if (hasFailed) return undefined
    try {
      return action()
    } catch (cause) {
      hasFailed = true
      onFailure(cause)
      return undefined
    }
  }
}
