/**
 * Makes many requests share few runs of a task, one run at a time.
 * @param task never rejects
 * @returns requests a run; resolves after a run that began after the request. Requests of one tick share a run,
 * and those that come during a run share the next.
 */
export function coalesce(task: () => Promise<void>): () => Promise<void> {
  let latest = Promise.resolve()
  let upcoming: Promise<void> | undefined

  function run(): Promise<void> {
    upcoming = undefined
    return task()
  }

  return () => {
    upcoming ??= latest = latest.then(run)
    return upcoming
  }
}
