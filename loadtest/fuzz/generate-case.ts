import { createRandom } from '../random/random.ts'
import { type FuzzCase, isBodiless } from './case.ts'
import type { Exchange } from './exchange.ts'
import { generateExchange } from './generate-exchange.ts'
import { generateRequest } from './generate-request.ts'
import { generateResponse } from './generate-response.ts'

/**
 * Generates the case with that index. Equal arguments give equal cases.
 * @param recorded exchanges to start from besides generated ones; may be empty
 */
export function generateCase(seed: number, index: number, recorded: readonly Exchange[]): FuzzCase {
  const random = createRandom(seed, index)
  const exchange =
    recorded.length > 0 && random.chance(0.6) ? random.pick(recorded) : generateExchange(random)
  const id = `${index}-${random.bytes(6).toString('hex')}`
  const { response, notes: responseNotes } = generateResponse(exchange, random)
  const { request, notes: requestNotes } = generateRequest(exchange, id, random)
  // A connection that breaks after a complete response would break an unrelated call.
  const hasNoBody = isBodiless({ request, response })
  return {
    id,
    seed,
    index,
    notes: [exchange.name, ...requestNotes, ...responseNotes],
    request,
    response: hasNoBody ? { ...response, ending: { kind: 'complete' } } : response,
  }
}
