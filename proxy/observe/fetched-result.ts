import type { Output } from '../../shared/record/output.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Call } from './call.ts'
import type { Capture } from './capture/capture.ts'
import { captureOutput } from './capture/content.ts'
import type { FoldedResponse } from './folds/fold.ts'
import { responsesFold } from './folds/responses.ts'
import { isRunning } from './folds/running-state.ts'
import type { EventWatcher } from './folds/watched-fold.ts'

/** The result of a response that another call generates, or has generated. */
export type FetchedResult = Pick<FoldedResponse, 'model' | 'usage' | 'served' | 'error'> & {
  readonly id: string
  readonly output?: Output | undefined
  /** Before CAPTURE_CONTENT is applied: for linking, which keeps nothing of it but hashes. */
  readonly observedOutput?: Output | undefined
}

/** @returns undefined where the response is still running, or its call did not get all of it */
export type ResultWatcher = EventWatcher & { read(record: InferenceRecord): FetchedResult | undefined }

/** A stored response by its id, or what cancels a background one. */
const storedResponse = /\/responses\/[^/]+(?<cancel>\/cancel)?\/?$/

/**
 * Reads what a call fetches of a response as the call that generates it would: its output, usage and errors.
 * @returns undefined for a call that fetches no response
 */
export function watchFetchedResult(
  { operation, method, route }: Pick<Call, 'operation' | 'method' | 'route'>,
  capture: Capture,
): ResultWatcher | undefined {
  const match = operation === 'relay' ? storedResponse.exec(route) : null
  if (match === null || method !== (match.groups?.cancel === undefined ? 'GET' : 'POST')) return undefined
  const fold = responsesFold({ left: capture.maxBytes })
  return {
    see: (event) => void fold.add(event),
    read({ ending }) {
      const { id, model, output, usage, served, error } = fold.result()
      if (id === undefined || ending !== 'completed' || !isFinal(served?.state)) return undefined
      return {
        id,
        usage,
        output: captureOutput(output, capture),
        observedOutput: output,
        ...(model !== undefined && { model }),
        ...(served !== undefined && { served }),
        ...(error !== undefined && { error }),
      }
    },
  }
}

const isFinal = (state: string | undefined): boolean => state !== undefined && !isRunning(state)
