import { type Dispatcher, request } from 'undici'

export type Load = {
  readonly calls: number
  readonly concurrency: number
  /** Selects the behaviour of the upstream: see upstream.ts. */
  readonly model: 'prompt' | 'paced' | 'slow'
  readonly stream: boolean
}

const messages = [{ role: 'user', content: 'x'.repeat(300) }]

/**
 * Makes calls at a constant concurrency.
 * @param read consumes the response body of one call
 */
export async function drive(
  url: string,
  dispatcher: Dispatcher,
  { calls, concurrency, model, stream }: Load,
  read: (body: Dispatcher.ResponseData['body']) => Promise<void> = (body) => body.dump(),
): Promise<void> {
  let remaining = calls
  const callUntilDone = async (): Promise<void> => {
    while (remaining-- > 0) {
      const { body } = await request(url, {
        method: 'POST',
        dispatcher,
        headers: {
          'content-type': 'application/json',
          'x-thread-id': `t${remaining % 50}`,
          authorization: 'Bearer sk-x',
        },
        body: JSON.stringify({ model, messages, stream }),
      })
      await read(body)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, callUntilDone))
}
