import { type FuzzCase, isBodiless } from './case.ts'
import type { Exchange } from './exchange.ts'
import { madeUp } from './made-up.ts'
import { makeAnswer } from './make-answer.ts'
import { makeRequest } from './make-request.ts'
import { createRandom } from './random.ts'

/**
 * Makes the case of that number. Equal seeds, numbers and recordings make equal cases.
 * @param recorded what to start from beside made-up exchanges; may be empty
 */
export function makeCase(seed: number, index: number, recorded: readonly Exchange[]): FuzzCase {
  const random = createRandom(seed, index)
  const exchange = recorded.length > 0 && random.chance(0.6) ? random.pick(recorded) : madeUp(random)
  const id = `${index}-${random.bytes(6).toString('hex')}`
  const answer = makeAnswer(exchange, random)
  const request = makeRequest(exchange, id, random)
  // A connection that breaks behind a whole answer would hit a call that has nothing to do with it.
  const isOver = isBodiless({ request: request.made, answer: answer.made })
  return {
    id,
    seed,
    index,
    notes: [exchange.name, ...request.notes, ...answer.notes],
    request: request.made,
    answer: isOver ? { ...answer.made, ending: { how: 'whole' } } : answer.made,
  }
}
