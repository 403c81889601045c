/** @returns the status of the response; the body is discarded and redirects are not followed */
export async function statusOf(url: string, init: RequestInit): Promise<number> {
  const response = await fetch(url, { ...init, redirect: 'manual' })
  await response.body?.cancel()
  return response.status
}
