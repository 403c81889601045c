import { isJsonObject, type Json } from '../../shared/json.ts'
import type { InferenceRecord, Operation } from '../../shared/record/record.ts'
import type { Usage } from '../../shared/record/usage.ts'
import type { CallEnd } from '../tape/messages.ts'
import type { StreamFrames } from '../usage-reporting/frame-shape.ts'
import type { StreamEvidence } from '../usage-reporting/learn.ts'

/** The operations whose streams have a usage option. */
export const hasUsageOption = (operation: Operation): boolean =>
  operation === 'chat' || operation === 'text_completion'

/**
 * @param body of the client's request
 * @param record undefined where the call could not be recorded
 * @returns undefined for what says nothing of its upstream: no stream, or nobody knows whether it was asked
 */
export function usageEvidence(
  body: Json | undefined,
  record: InferenceRecord | undefined,
  { end, responseShed, usageOption }: CallEnd,
  frames: StreamFrames,
): StreamEvidence | undefined {
  const request = requestOf(body, usageOption)
  if (request === undefined) return undefined
  const status = record?.response.status ?? 0
  return {
    request,
    succeeded: status > 0 && status < 400,
    complete:
      // A client may leave before the frame that has the usage.
      end.kind === 'relayed' &&
      responseShed === 0 &&
      record?.stream !== undefined &&
      record.ending === 'completed' &&
      record.response.unseenBytes === undefined,
    reportsUsage: record !== undefined && hasTokens(record.usage),
    frames,
    parameters: parametersOf(body),
  }
}

/** Bounds what a client can make us keep. */
const maxParametersLength = 1_000

/** The names, with the values of those that switch something on or off. */
function parametersOf(body: Json | undefined): string {
  const parameters = Object.entries(isJsonObject(body) ? body : {})
    .filter(([name]) => name !== 'stream_options')
    .map(([name, value]) => (typeof value === 'boolean' ? `${name}=${value}` : name))
  return parameters.sort().join(' ').slice(0, maxParametersLength)
}

function requestOf(
  body: Json | undefined,
  option: CallEnd['usageOption'],
): StreamEvidence['request'] | undefined {
  switch (option) {
    case 'injected':
      return 'asked'
    case 'rejected':
      return 'rejected'
    case 'left_out':
    case 'tried':
      return 'silent'
    case 'none':
      return clientsChoice(body)
  }
}

function clientsChoice(body: Json | undefined): 'asked' | 'declined' | undefined {
  const options = isJsonObject(body) && body.stream === true ? body.stream_options : undefined
  const choice = isJsonObject(options) ? options.include_usage : undefined
  if (choice === true) return 'asked'
  return choice === false ? 'declined' : undefined
}

const hasTokens = (usage: Usage): boolean =>
  usage.provenance === 'provider' && (usage.input ?? usage.output ?? usage.total) !== undefined
