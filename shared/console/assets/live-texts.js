// What the cells of a live call say: the same words as the server writes (parts/live/live-row.tsx); `assets.test.ts` holds
// them equal.

/** @import { LiveCall } from '../../admin/live-calls.ts' */

/** @type {Record<LiveCall['delivery'], string>} */
const recordTexts = {
  in_flight: '… in flight',
  spooled: '▤ spooled',
  queued: '⇢ queued',
  delivered: '✓ delivered',
  dead_lettered: '✗ dead letter',
  dropped: '✗ dropped',
}

/**
 * @param {LiveCall} call
 * @param {number} now ms since 1970
 * @returns {(string | undefined)[]} a text per cell, undefined where nothing is known
 */
export function liveTexts(call, now) {
  const { startedAt, durationMs, model, operation, threadId, userId, agentKey, agent, firstTokenMs } = call
  return [
    stateText(call, now),
    duration(durationMs ?? Math.max(now - startedAt, 0)),
    model ?? operation,
    threadId,
    userId,
    agentKey ?? agent,
    writtenText(call),
    firstTokenMs === undefined ? '-' : duration(firstTokenMs),
    speedText(call),
    recordTexts[call.delivery],
    lastText(call),
  ]
}

/** @param {LiveCall} call @param {number} now */
function stateText({ phase, stalled, lastAt, ending, status }, now) {
  if (stalled) return `⚠ silent for ${duration(now - lastAt)}`
  if (phase === 'waiting') return '… waiting'
  if (phase === 'answering') return '▶ answering'
  const how = (ending ?? '').replaceAll('_', ' ')
  if (ending === 'completed' || ending === 'running') return `✓ ${how}`
  return `✗ ${how}${status !== undefined && status >= 400 ? ` ${status}` : ''}`
}

const shownCharacters = 36

/** @param {LiveCall} call */
function lastText({ error, lastWords }) {
  if (error !== undefined) return error
  if (lastWords === undefined) return '-'
  const words = lastWords.replace(/\s+/gu, ' ')
  return words.length <= shownCharacters ? words : `…${words.slice(-shownCharacters).toWellFormed()}`
}

/** @param {LiveCall} call */
function writtenText({ tokens, characters }) {
  if (tokens.output !== undefined) return `${tokens.output} tokens`
  return characters === undefined ? '-' : `${characters} characters`
}

/** @param {LiveCall} call */
function speedText({ speed }) {
  if (speed === undefined) return '-'
  return `${Math.round(speed.perSecond)} ${speed.of === 'tokens' ? 'tok' : 'char'}/s`
}

/** @param {number} ms @returns {string} `345 ms`, `1.2 s`, `2 min 05 s` */
function duration(ms) {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}
