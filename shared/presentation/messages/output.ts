import type { Json } from '../../json.ts'
import { omitUndefined } from '../../omit-undefined.ts'
import type { Choice, Output } from '../../record/output.ts'
import { listOrText } from './input.ts'
import type { Message } from './message.ts'
import { partsOf, textPart } from './parts.ts'

/** @returns what the model answered, choice by choice; what is no text as one message that shows it */
export function messagesOfOutput(output: Output | undefined): readonly Message[] {
  if (output === undefined) return []
  switch (output.kind) {
    case 'choices':
      return output.choices.map((choice) => choiceMessage(choice, output.choices.length))
    case 'items':
      return listOrText([...output.items], 'output')
    case 'message': {
      const { role = 'assistant', finishReason, content } = output
      return [omitUndefined({ role, finishReason, parts: partsOf([...content]) })]
    }
    case 'text':
      return [{ role: 'text', parts: partsOf(output.text) }]
    case 'json':
      return [{ role: 'output', parts: [{ kind: 'other', type: 'json', value: output.value }] }]
    default:
      return [
        {
          role: output.kind,
          parts: [{ kind: 'other', type: output.kind, value: output as unknown as Json }],
        },
      ]
  }
}

function choiceMessage(choice: Choice, choices: number): Message {
  const { index, role = 'assistant', content, reasoning, refusal, audioTranscript, finishReason } = choice
  return omitUndefined({
    role,
    name: choices > 1 ? `choice ${index + 1}` : undefined,
    finishReason,
    parts: [
      ...textPart('reasoning', reasoning),
      ...partsOf(content),
      ...textPart('refusal', refusal),
      ...textPart('text', audioTranscript),
      ...(choice.toolCalls ?? []).map((call) => ({ kind: 'tool_call' as const, ...call })),
    ],
  })
}
