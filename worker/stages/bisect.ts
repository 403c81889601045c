import type { InferenceRecord } from '../../shared/record/record.ts'
import { type DeliveryFault, failed, forAll, type Send, type Verdict } from '../sinks/sink.ts'

/**
 * Isolates the bad record of a batch: a batch that is refused as a whole, or too large, is halved and sent
 * again, down to single records. A single record that is still too large is sent once more without its input
 * and output; one that is refused even so is permanent.
 */
export function withBisect(send: Send): Send {
  const bisecting: Send = async (batch, signal) => {
    const verdicts = await send(batch, signal)
    const rejection = verdicts.find(isOfWholeBatch)
    if (rejection === undefined || rejection.ok) return verdicts
    if (batch.length === 1) return sendSingle(batch, rejection.fault, signal)

    const middle = Math.ceil(batch.length / 2)
    const [first, second] = [batch.slice(0, middle), batch.slice(middle)]
    const firstVerdicts = await bisecting(first, signal)
    const obstacle = firstVerdicts.find(isObstacle)
    // No further request right after "too many requests" or "wrong keys".
    if (obstacle !== undefined) return [...firstVerdicts, ...forAll(second, obstacle)]
    return [...firstVerdicts, ...(await bisecting(second, signal))]
  }

  async function sendSingle(batch: readonly InferenceRecord[], fault: DeliveryFault, signal: AbortSignal) {
    if (fault.kind !== 'oversized') return [permanent(fault.reason)]
    const verdicts = await send(batch.map(withoutContent), signal)
    return verdicts.map((verdict) => (isOfWholeBatch(verdict) ? permanent(fault.reason) : verdict))
  }

  return bisecting
}

const permanent = (reason: string): Verdict => failed({ kind: 'permanent', reason })

function isOfWholeBatch(verdict: Verdict): boolean {
  return !verdict.ok && (verdict.fault.kind === 'oversized' || verdict.fault.kind === 'refused')
}

function isObstacle(verdict: Verdict): boolean {
  return !verdict.ok && (verdict.fault.kind === 'retryable' || verdict.fault.kind === 'held')
}

function withoutContent(record: InferenceRecord): InferenceRecord {
  const { input, output, ...rest } = record
  return {
    ...rest,
    ...(input === undefined ? {} : { input: placeholder(input) }),
    ...(output === undefined ? {} : { output: { kind: 'text', text: placeholder(output) } }),
  }
}

function placeholder(content: unknown): string {
  return `<removed: ${Buffer.byteLength(JSON.stringify(content))} bytes, too large for the sink>`
}
