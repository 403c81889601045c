const paragraph = 'what is the meaning of life, and what did you have for breakfast? '

export type Prompt = { readonly model: string; readonly stream: boolean; readonly bytes: number }

/** A request body of about so many bytes (never less than the frame around the text needs). */
export function promptBody({
  model,
  stream,
  bytes,
  ...rest
}: Prompt & Readonly<Record<string, unknown>>): Buffer {
  const around = JSON.stringify(bodyWith('', { model, stream, ...rest })).length
  const missing = Math.max(0, bytes - around)
  const text = paragraph.repeat(Math.ceil(missing / paragraph.length)).slice(0, missing)
  return Buffer.from(JSON.stringify(bodyWith(text, { model, stream, ...rest })))
}

const bodyWith = (text: string, fields: Readonly<Record<string, unknown>>) => ({
  ...fields,
  messages: [
    { role: 'system', content: 'You are a helpful assistant that answers concisely.' },
    { role: 'user', content: text },
  ],
  temperature: 0.7,
})
