/**
 * Where a delta of the Responses API goes: a field of the item or of an object in it, a part in one of the item's
 * lists, or an entry of a list of texts.
 */
export type DeltaTarget =
  | { readonly place: 'item'; readonly itemType: string; readonly within?: string; readonly field: string }
  | {
      readonly place: 'part'
      readonly itemType: string
      readonly list: 'content' | 'summary' | 'output'
      /** The field of the event that says which part. */
      readonly index: PartIndex
      readonly partType?: string
      readonly field: string
    }
  /** `command_index` says which entry. */
  | { readonly place: 'entry'; readonly itemType: string; readonly within: string; readonly field: string }

export type PartTarget = Extract<DeltaTarget, { readonly place: 'part' }>

export type PartIndex = 'content_index' | 'summary_index' | 'command_index'

const named: readonly (readonly [name: string, target: DeltaTarget])[] = [
  ['output_text', inContent('message', 'output_text', 'text')],
  ['refusal', inContent('message', 'refusal', 'refusal')],
  ['audio_transcript', inContent('message', 'output_audio', 'transcript')],
  ['audio.transcript', inContent('message', 'output_audio', 'transcript')],
  ['output_audio_transcript', inContent('message', 'output_audio', 'transcript')],
  ['reasoning_text', inContent('reasoning', 'reasoning_text', 'text')],
  ['reasoning_summary_text', inSummary()],
  ['reasoning_summary', inSummary()],
  ['function_call_arguments', inItem('function_call', 'arguments')],
  ['custom_tool_call_input', inItem('custom_tool_call', 'input')],
  ['mcp_call_arguments', inItem('mcp_call', 'arguments')],
  ['code_interpreter_call_code', inItem('code_interpreter_call', 'code')],
  ['apply_patch_call_operation_diff', inItem('apply_patch_call', 'diff', 'operation')],
  ['shell_call_command', { place: 'entry', itemType: 'shell_call', within: 'action', field: 'commands' }],
]

function inItem(itemType: string, field: string, within?: string): DeltaTarget {
  return { place: 'item', itemType, field, ...(within !== undefined && { within }) }
}

function inContent(itemType: string, partType: string, field: string): PartTarget {
  return { place: 'part', itemType, list: 'content', index: 'content_index', partType, field }
}

function inSummary(): DeltaTarget {
  const partType = 'summary_text'
  return {
    place: 'part',
    itemType: 'reasoning',
    list: 'summary',
    index: 'summary_index',
    partType,
    field: 'text',
  }
}

const targetsOfDeltas = new Map(named.map(([name, target]) => [`response.${name}.delta`, target]))
const targetsOfWholes = new Map(named.map(([name, target]) => [`response.${name}.done`, target]))

/**
 * @returns where the text goes that a `.delta` event carries: for types that are not known here, a field of their name.
 * Undefined for other events, and for sound
 */
export const deltaTarget = (eventType: string): DeltaTarget | undefined =>
  targetsOfDeltas.get(eventType) ?? unknownTarget(eventType)

function unknownTarget(eventType: string): DeltaTarget | undefined {
  const name = /^response\.([a-z]\w{0,63})\.delta$/.exec(eventType)?.[1]
  return name === undefined || name.endsWith('audio') ? undefined : inItem(name, name)
}

/** @returns where the text goes that a `.done` event repeats whole, in a field of the target's name */
export const wholeTarget = (eventType: string): DeltaTarget | undefined => targetsOfWholes.get(eventType)

/** The annotations of a part. */
export const annotatedPart = inContent('message', 'output_text', 'annotations')

/** The output of a shell command, whose deltas are objects of texts: `{stdout, stderr}`. */
export const shellOutput: ReadonlyMap<string, PartTarget> = new Map(
  ['stdout', 'stderr'].map((field) => [
    field,
    { place: 'part', itemType: 'shell_call_output', list: 'output', index: 'command_index', field },
  ]),
)
