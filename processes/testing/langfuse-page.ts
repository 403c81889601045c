import { isJsonObject, type Json } from '../../shared/json.ts'
import type { ShownMessage } from '../../shared/testing/fake-langfuse/chat/chat-view.ts'
import type { Mode } from '../../shared/testing/fake-langfuse/modes.ts'
import type { Observation } from '../../shared/testing/fake-langfuse/observation.ts'

/**
 * What a person would miss on Langfuse's page of a call of a model with messages.
 * @param request its body
 */
export function chatProblems(observation: Observation, request: Json | undefined): readonly string[] {
  const { view, level, output } = observation
  const isFailed = level === 'ERROR'
  const [input, answer] = [view.input ?? [], view.output ?? []]
  const unshown = toolNames(request).filter((name) => !view.shownTools.includes(name))
  return [
    view.input === undefined ? 'the input is no chat' : [],
    isFailed || output === null || view.output !== undefined ? [] : 'the output is no chat',
    input.filter(isUnreadable).map((message) => `the input has ${message.title} as ${message.form}`),
    isFailed
      ? []
      : answer.filter(isUnreadable).map(({ title, form }) => `the output has ${title} as ${form}`),
    view.input === undefined || unshown.length === 0 ? [] : `tools that are not shown: ${unshown}`,
    same(view.shownTools, view.declaredTools) ? [] : `tools ${view.shownTools}, stored ${view.declaredTools}`,
    same(view.shownCalls, view.countedCalls) ? [] : `calls ${view.shownCalls}, counted ${view.countedCalls}`,
    view.isText ? [] : 'too long to be text',
  ].flat()
}

/**
 * What is wrong with any observation: invented or free tokens, noise, errors that nobody sees.
 * @param mode servers that keep traces add scope and resource to the metadata, whatever is sent
 */
export function recordProblems(
  { type, usage, cost, metadata, level, output, statusMessage }: Observation,
  mode: Mode,
): readonly string[] {
  const wholes = /^(input|output|total|(input|output)_text(_tokens)?)$/
  const zeros = Object.entries(usage.details).filter(([key, count]) => count === 0 && !wholes.test(key))
  const generated = mode === 'v4' ? /^(attributes|scope|resourceAttributes)\b/ : /^attributes\b/
  const noise = Object.keys(metadata).filter((key) => generated.test(key))
  const isCall = type !== 'AGENT' && type !== 'TOOL' && metadata.call_id !== undefined
  return [
    usage.source === 'estimated' ? 'invented usage' : [],
    zeros.length === 0 ? [] : `counts of zero: ${zeros}`,
    Object.keys(cost).length > 0 && cost.total === undefined ? 'a cost without a total' : [],
    noise.length === 0 ? [] : `noise in the metadata: ${noise}`,
    isCall && level === 'ERROR' && (output === null || statusMessage === null) ? 'a hidden error' : [],
  ].flat()
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  [...one].sort().join() === [...other].sort().join()

/** Names of functions: what providers run themselves has other names there, or none. */
function toolNames(request: Json | undefined): readonly string[] {
  const { tools, functions } = isJsonObject(request) ? request : {}
  return [tools, functions]
    .flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]) : []))
    .flatMap(nameIn)
}

function nameIn(tool: Json): readonly string[] {
  const { type, function: declared, name } = isJsonObject(tool) ? tool : {}
  const found = isJsonObject(declared) ? declared.name : name
  return typeof found === 'string' && (type === undefined || type === 'function' || type === 'custom')
    ? [found]
    : []
}

/** A table is what its text is where that is JSON; parts in one are parts that the schema refused. */
function isUnreadable({ form, content }: ShownMessage): boolean {
  if (form === 'broken image') return true
  if (form !== 'table' || !Array.isArray(content)) return false
  return content.every((part: Json) => isJsonObject(part) && 'type' in part)
}
