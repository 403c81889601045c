// A small application with nothing of threadtap in it: it asks a model for a line, again and again, as any application
// does that takes its base URL from the environment. Node 22.18 and newer runs this file as it is.
const baseUrl = process.env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1'
const apiKey = process.env.OPENAI_API_KEY ?? ''
/** 0 goes on until it is told to stop; a Job asks a few times and ends. */
const rounds = Number(process.env.ROUNDS ?? 0)
const pauseMs = Number(process.env.PAUSE_MS ?? 5_000)

type Answer = { readonly choices: readonly { readonly message: { readonly content: string } }[] }

async function ask(question: string): Promise<string> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({
      model: process.env.MODEL ?? 'gpt-5-mini',
      messages: [{ role: 'user', content: question }],
      user: 'example-app',
    }),
  })
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  const { choices } = (await response.json()) as Answer
  return choices[0]?.message.content ?? ''
}

const stopping = new AbortController()
process.once('SIGTERM', () => stopping.abort())

/** Resolves early when the application is told to stop. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    stopping.signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

for (let round = 1; !stopping.signal.aborted; round++) {
  const said = await ask(`Say one thing about the number ${round}.`).catch((cause) => `failed: ${cause}`)
  process.stdout.write(`${round}: ${said}\n`)
  if (round === rounds) break
  await pause(pauseMs)
}

export {}
