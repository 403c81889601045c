import { isJsonObject, type Json, parseJson } from '../../json.ts'
import type { Message as ChatMessage, Part } from '../../presentation/messages/message.ts'

/** What one side said, as people read it. Text stays text: no markup of it is followed. */
export function Message({ message }: { readonly message: ChatMessage }) {
  const { role, name, toolCallId, finishReason, parts } = message
  return (
    <article class={`message ${lookOf(role)}`}>
      <h3>
        <bdi>{role}</bdi>
        {name !== undefined && <Quiet text={name} />}
        {toolCallId !== undefined && <Quiet text={toolCallId} />}
        {finishReason !== undefined && <Quiet text={`stopped: ${finishReason}`} />}
      </h3>
      {parts.length === 0 ? (
        <p class="quiet">Nothing was said.</p>
      ) : (
        parts.map((part) => <PartOf part={part} />)
      )}
    </article>
  )
}

export function Messages({ messages }: { readonly messages: readonly ChatMessage[] }) {
  return (
    <div class="messages">
      {messages.map((message) => (
        <Message message={message} />
      ))}
    </div>
  )
}

const looks: ReadonlySet<string> = new Set(['system', 'developer', 'user', 'assistant', 'tool'])

const lookOf = (role: string): string => (looks.has(role) ? `of-${role}` : 'of-other')

function Quiet({ text }: { readonly text: string }) {
  return (
    <small class="quiet">
      {' '}
      <bdi>{text}</bdi>
    </small>
  )
}

function PartOf({ part }: { readonly part: Part }) {
  switch (part.kind) {
    case 'text':
      return <Text text={part.text} />
    case 'refusal':
      return (
        <div>
          <p class="warn">The model refused:</p>
          <Text text={part.text} />
        </div>
      )
    case 'reasoning':
      return (
        <details class="reasoning">
          <summary>Reasoning, {part.text.length} characters</summary>
          <Text text={part.text} />
        </details>
      )
    case 'tool_call':
      return <ToolCall name={part.name} id={part.id} given={part.arguments} />
    case 'tool_result':
      return (
        <div class="tool-result">
          <p class={part.isError ? 'bad' : 'quiet'}>
            {part.isError ? '✗ Failed result' : 'Result'}
            {part.id !== undefined && <Quiet text={part.id} />}
          </p>
          {part.parts.map((inner) => (
            <PartOf part={inner} />
          ))}
        </div>
      )
    case 'other':
      return <Other type={part.type} value={part.value} />
  }
}

function Text({ text }: { readonly text: string }) {
  return (
    <div class="text" dir="auto">
      {text}
    </div>
  )
}

type ToolCallProps = { readonly name: string; readonly id: string | undefined; readonly given: string }

function ToolCall({ name, id, given }: ToolCallProps) {
  const value = parseJson(given)
  return (
    <div class="tool-call">
      <p>
        Calls <bdi class="id">{name}</bdi>
        {id !== undefined && <Quiet text={id} />}
      </p>
      {given !== '' && <pre dir="auto">{value === undefined ? given : JSON.stringify(value, null, 2)}</pre>}
      {given !== '' && value === undefined && <p class="warn">These arguments are not valid JSON.</p>}
    </div>
  )
}

/** More than that is folded. */
const maxOpenCharacters = 400

/** A medium by what is known of it; anything else as JSON. */
function Other({ type, value }: { readonly type: string; readonly value: Json }) {
  const text = isJsonObject(value) || Array.isArray(value) ? JSON.stringify(value, null, 2) : String(value)
  return (
    <details class="other" open={text.length <= maxOpenCharacters}>
      <summary>
        <bdi>{type.replaceAll('_', ' ')}</bdi>
      </summary>
      <pre dir="auto">{text}</pre>
    </details>
  )
}
