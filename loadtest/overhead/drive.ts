import { type Dispatcher, request } from 'undici'

export type Load = {
  readonly calls: number
  readonly atOnce: number
  /** Which of the upstream's ways to answer: see upstream.ts. */
  readonly model: 'prompt' | 'paced' | 'slow'
  readonly stream: boolean
}

const messages = [{ role: 'user', content: 'x'.repeat(300) }]

/**
 * Makes calls, so many at once, each beginning when another one has ended.
 * @param read takes in the answer of one call to its end
 */
export async function drive(
  url: string,
  dispatcher: Dispatcher,
  { calls, atOnce, model, stream }: Load,
  read: (body: Dispatcher.ResponseData['body']) => Promise<void> = (body) => body.dump(),
): Promise<void> {
  let left = calls
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const { body } = await request(url, {
        method: 'POST',
        dispatcher,
        headers: {
          'content-type': 'application/json',
          'x-thread-id': `t${left % 50}`,
          authorization: 'Bearer sk-x',
        },
        body: JSON.stringify({ model, messages, stream }),
      })
      await read(body)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}
