import type { RequestBody } from './ingress/body.ts'
import type { Chunks } from './ingress/chunks.ts'
import { heldValue } from './ingress/held-value.ts'
import { injectIncludeUsage } from './ingress/inject-usage.ts'
import type { Target } from './ingress/target.ts'
import type { RelayParts } from './relay-parts.ts'
import type { UsageOption } from './tape/messages.ts'
import { lifetimesMs, reportingModel } from './usage-reporting/reporting.ts'

/** What becomes of the usage option of one call. */
export type RequestedUsage = {
  /** The body with the option injected; undefined where the original is sent. */
  readonly rewritten: Chunks | undefined
  readonly option: UsageOption
  /** By which the upstream is remembered; undefined where it is not. */
  readonly model: string | undefined
}

type Parts = Pick<RelayParts, 'injectUsage' | 'reporting' | 'estimableBytes'>

/** Decides whether a stream is asked for its usage: by the settings, else by what is known of its upstream and model. */
export function requestUsage(
  { operation, upstream, route }: Target,
  body: RequestBody,
  { injectUsage, reporting, estimableBytes }: Parts,
): RequestedUsage {
  const mode = injectUsage.byUpstream.get(upstream.name) ?? injectUsage.otherwise
  if (mode === 'never' || body.kind !== 'held') return untouched
  const rewritten = injectIncludeUsage(operation, body)
  if (rewritten === undefined) return untouched
  const model = reportingModel(operation, heldValue(body, 'model'), route)
  const decision =
    mode === 'always'
      ? reporting.mayAsk(upstream.name, model)
      : reporting.decide(upstream.name, model, body.bytes <= estimableBytes)
  if (decision === 'ask') return { rewritten, option: 'injected', model }
  return { rewritten: undefined, option: decision === 'try' ? 'tried' : 'left_out', model }
}

const untouched: RequestedUsage = { rewritten: undefined, option: 'none', model: undefined }

/**
 * The call has ended.
 * @param cutFrames undefined where the request that was answered had no option injected
 * @returns what became of the option
 */
export function usageEnded(
  { upstream }: Target,
  { option, model }: RequestedUsage,
  cutFrames: number | undefined,
  { events, reporting }: Pick<RelayParts, 'events' | 'reporting'>,
): UsageOption {
  if (cutFrames !== undefined) events.usageInjected(cutFrames)
  if (option === 'tried' && model !== undefined) {
    events.usageTried()
    reporting.tryEnded(upstream.name, model)
  }
  return option === 'injected' && cutFrames === undefined ? 'rejected' : option
}

/**
 * The upstream refused the option, and answered the original request.
 * @param status of that answer: only where it succeeds was the option the reason
 */
export function usageRefused(
  callId: string,
  { upstream }: Target,
  { model }: RequestedUsage,
  status: number,
  { events, reporting, clock }: Pick<RelayParts, 'events' | 'reporting' | 'clock'>,
): void {
  events.usageInjectionRefused(callId, upstream.name, model ?? '')
  if (status >= 400 || model === undefined) return
  const expiresAt = clock.now() + lifetimesMs.rejects_option
  reporting.set(upstream.name, model, { reporting: 'rejects_option', expiresAt })
}
