import { modelOf, type Orders } from './orders.ts'

export type Prompt = {
  readonly bytes: number
  readonly stream: boolean
  readonly orders: Orders
}

const paragraph = 'What is the meaning of life?\nAnd what did you have for breakfast, if anything? '
/** A long prompt is a long conversation, not one long text. */
const messageBytes = 4_000

/** A request body of about so many bytes, the orders in the model's name, at its very beginning. */
export function promptBody({ bytes, stream, orders }: Prompt): Buffer {
  const messages = [{ role: 'system', content: 'You are a helpful assistant that answers concisely.' }]
  const body = { model: modelOf(orders), stream, temperature: 0.7, messages }
  for (let left = bytes - JSON.stringify(body).length; left > 0; left -= messageBytes) {
    messages.push({ role: messages.length % 2 === 1 ? 'user' : 'assistant', content: textOf(left) })
  }
  return Buffer.from(JSON.stringify(body))
}

/** What a message takes beside its text: `{"role":"assistant","content":""},`. */
const aroundText = 36

function textOf(bytes: number): string {
  const wanted = Math.max(1, Math.min(bytes, messageBytes) - aroundText)
  const text = paragraph.repeat(Math.ceil(wanted / paragraph.length))
  // A line break takes two bytes in JSON.
  const breaks = Math.floor(wanted / (paragraph.length + 1))
  return text.slice(0, wanted - breaks)
}
