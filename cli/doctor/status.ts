/** @returns the status that a server answers; the rest of its answer is not read */
export async function statusOf(url: string, init: RequestInit): Promise<number> {
  const answer = await fetch(url, { ...init, redirect: 'manual' })
  await answer.body?.cancel()
  return answer.status
}
