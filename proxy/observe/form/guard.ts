/** Runs an action that may throw. @returns undefined where it did, or an earlier action has */
export type Guard = <T>(action: () => T) => T | undefined

/** @returns a guard that reports the first failure and runs nothing after it */
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
